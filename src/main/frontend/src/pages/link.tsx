import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { linkById, patchLink, operations, newest } from "../live/fleet";
import { newRun } from "../run";
import { denied } from "../session";
import type { Link } from "../types";
import { Ago, Button, Code, Copy, Empty, Fact, Facts, Glyph, Icon, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { toast } from "../ui/toast";
import { TerminalButton } from "../terminal/open";
import { Latency } from "./links";

/** What a person can do about each reason; commands to run on the machine itself. */
function remedy(link: Link): { text: string; command?: string } | null {
  const { reason, client_id, path } = link.enrollment;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  const write = `sudo mkdir -p ${quoted(folder)} && printf '%s\\n' ${quoted(client_id)} | sudo tee ${quoted(path)}`;
  switch (reason) {
    case "client_id_missing": return { text: "Write the expected id on the machine, then verify again:", command: write };
    case "client_id_mismatch": return { text: "The file holds another id. Make sure that this is the machine you mean (and not another one at the same address); then either correct enrollment.clientId in links.yaml, or write the expected id on the machine:", command: write };
    case "client_id_denied": return { text: `The user ${link.user} may not read the file. On the machine:`, command: `sudo chmod 755 ${quoted(folder)} && sudo chmod 644 ${quoted(path)}` };
    case "client_id_irregular": return { text: "The path is not a plain file. Remove what is there and write the id:", command: `sudo rm -r ${quoted(path)} && ${write}` };
    case "client_id_too_large": return { text: "The file is too large to be a client id. Write the expected one:", command: write };
    case "unresolved": return { text: "The host name does not resolve where LinkOps runs. Correct host in links.yaml, or the name service." };
    case "unreachable": return { text: "No connection came about. Check that the machine is on, that SSH listens on this port, and that no firewall is between:", command: `ssh -p ${link.port} ${quoted(`${link.user}@${link.host}`)} true` };
    case "host_key_unknown": return { text: "Nobody has confirmed this machine’s host key yet. Compare and confirm it below; then verify again." };
    case "host_key_changed": return { text: "The machine shows another host key than the confirmed one. It may have been installed anew, or somebody may be in between. Decide below." };
    case "login_refused": return { text: `The server does not accept LinkOps’ key for ${link.user}. Add its public key to ~${link.user}/.ssh/authorized_keys on the machine.` };
    case "key_file_refused": return { text: "The private key file on LinkOps’ machine cannot be used: it must exist in the keys directory, belong to the service and have mode 600." };
    case null: return null;
    default: return { text: "Put right what the sentence above says, then verify again." };
  }
}
const quoted = (value: string) => /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;

function Enrollment({ link }: { link: Link }) {
  const e = link.enrollment;
  const fix = remedy(link);
  return <section class="block"><h3>Enrollment <span class="end"><StatusMark state={e.status} /></span></h3>
    {e.error && <Trouble text={e.error} />}
    <Facts>
      <Fact name="Expected id"><Code text={e.client_id} label="Copy the expected id" /></Fact>
      <Fact name="In the file"><code>{e.path}</code></Fact>
      <Fact name="Found there">{e.status === "unverified" ? <span class="dim">not looked yet</span> : e.client_id_matches ? <><Glyph tone="ok" /> the expected id</> : e.client_id_found ? <><Glyph tone="bad" /> another id</> : <><Glyph tone="bad" /> nothing that could be read</>}</Fact>
      <Fact name="Looked"><Ago at={e.verified_at} /></Fact>
    </Facts>
    {e.status === "unverified" && <p class="advice">Verify: LinkOps connects, proves the host key and compares the id. Scripts run only on enrolled links.</p>}
    {fix && <div class="advice"><p>{fix.text}</p>{fix.command && <div class="command"><code>{fix.command}</code><Copy text={fix.command} label="Copy the command" /></div>}</div>}
  </section>;
}

function HostKey({ link }: { link: Link }) {
  const asking = useSignal(false);
  const { trusted, offered } = link.host_key;
  const pinned = link.ssh.pinned_host_key;
  const changed = trusted.length > 0 && offered !== null;
  const confirm = async () => {
    patchLink(await post<Link>(`/api/links/${segment(link.id)}/host-key`, { fingerprint: offered }));
    toast({ kind: "done", text: `The host key of ${link.id} is confirmed. Verify it now.` });
  };
  return <section class="block"><h3>Host key <span class="end">{offered ? <span class={`status tone-${changed ? "bad" : "warn"}`}><Glyph tone={changed ? "bad" : "warn"} />{changed ? "Changed" : "To be confirmed"}</span>
    : trusted.length ? <span class="status tone-ok"><Glyph tone="ok" />Trusted</span> : <span class="status tone-unknown"><Glyph tone="unknown" />Not seen yet</span>}</span></h3>
    <Facts>
      {trusted.map(print => <Fact key={print} name={print === pinned ? "Pinned in Git" : "Confirmed"}><Code text={print} label="Copy the confirmed fingerprint" /></Fact>)}
      {offered && <Fact name="Offered"><Code text={offered} label="Copy the offered fingerprint" /></Fact>}
      {!trusted.length && !offered && <Fact name="Fingerprint"><span class="dim">none; verify the link to see it</span></Fact>}
    </Facts>
    {offered && <div class="advice"><p>Compare the offered fingerprint with what the machine itself says, over another way than this connection (console, provider’s panel):</p>
      <div class="command"><code>ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub</code><Copy text="ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" label="Copy the command" /></div>
      {pinned ? <p>links.yaml pins another key ({pinned}). If the new one is right, change ssh.hostKey there and sync.</p>
        : <Button kind={changed ? "danger" : undefined} icon="fingerprint" why={denied("admin", "Confirming a host key")} onClick={() => { asking.value = true; }}>{changed ? "Accept the new key…" : "Confirm this key…"}</Button>}</div>}
    {asking.value && offered && <Confirm title={changed ? `Accept another host key for ${link.id}?` : `Confirm the host key of ${link.id}?`} act={changed ? "Accept the new key" : "Confirm the key"} danger={changed} onClose={() => { asking.value = false; }} onConfirm={confirm}>
      <p>LinkOps will trust whoever holds this key as {link.id}, and run scripts there. Confirm only if the machine itself shows the same fingerprint.</p>
      <Facts><Fact name="Offered"><code class="print">{offered}</code></Fact>{trusted.map(t => <Fact key={t} name="So far"><code class="print">{t}</code></Fact>)}</Facts>
    </Confirm>}
  </section>;
}

export function LinkDetail({ id, back }: { id: string; back: string }) {
  const busy = useSignal(false), other = useSignal<Link | null>(null), failed = useSignal<string | null>(null);
  const link = linkById.value.get(id) ?? other.value;
  useEffect(() => {
    // Retired links are not in the list, but their page is kept.
    if (!linkById.peek().has(id)) api<Link>(`/api/links/${segment(id)}`).then(l => { other.value = l; }, cause => { failed.value = cause instanceof ApiError && cause.status === 404 ? "" : sentence(cause); });
  }, [id]);
  const verify = async () => {
    busy.value = true;
    try {
      const result = await post<{ enrolled: boolean; error: string | null }>(`/api/links/${segment(id)}/verify`);
      patchLink(await api<Link>(`/api/links/${segment(id)}`));
      toast(result.enrolled ? { kind: "done", text: `${id} is enrolled.` } : { kind: "note", text: `${id} is not enrolled: ${result.error ?? "see the reason in its panel."}` });
    } catch (cause) {
      toast({ kind: "error", text: `${id} was not verified: ${sentence(cause)}` });
    }
    busy.value = false;
  };
  const head = <header><a class="button ghost only back" href={back} aria-label="Back to the links" title="Back to the links"><Icon name="left" /></a><h2 id="link-title" title={id}>{id}</h2>
    <a class="button ghost only close" href={back} aria-label="Close details" title="Close details (Esc)"><Icon name="close" /></a></header>;
  if (!link) return <aside class="panel side" aria-labelledby="link-title">{head}{failed.value === null ? <Skeleton label="Loading the link" /> : failed.value ? <Trouble text={failed.value} /> : <Empty title="There is no such link">Neither the inventory nor its history knows {id}.</Empty>}</aside>;
  const ran = [...operations.value.values()].filter(o => o.selectors.includes(id)).sort(newest).slice(0, 5);
  const retired = link.retired ? `${id} is retired: it is no longer in links.yaml.` : null;
  return <aside class="panel side" aria-labelledby="link-title">
    {head}
    <div class="scroll">
      <div class="summary"><StatusMark state={link.health.status} /><span class="tag">{link.type}</span>{link.tags.map(t => <a class="tag" key={t} href={`/links?q=${encodeURIComponent(`tag:${t}`)}`}>{t}</a>)}{link.retired && <span class="tag">retired</span>}</div>
      <div class="actions"><Button kind="primary" icon="play" why={retired ?? denied("operator", "Running scripts")} onClick={() => newRun({ picked: [id] })}>Run script…</Button>
        <Button icon="verify" busy={busy.value} why={retired ?? denied("operator", "Verifying")} onClick={() => void verify()}>{busy.value ? "Verifying…" : "Verify"}</Button>
        <TerminalButton ids={[id]} why={retired} /></div>
      <Enrollment link={link} />
      <HostKey link={link} />
      <section class="block"><h3>Connection</h3><Facts>
        <Fact name="Address"><Code text={`${link.user}@${link.host}${link.port === 22 ? "" : `:${link.port}`}`} label="Copy the address" /></Fact>
        <Fact name="Through">{link.ssh.proxy_jump ? <a href={`/links/${encodeURIComponent(link.ssh.proxy_jump)}`}>{link.ssh.proxy_jump}</a> : "directly"}</Fact>
        <Fact name="Key">{link.ssh.key_ref ? <code>{link.ssh.key_ref}</code> : "the default key"}</Fact>
        <Fact name="Latency"><Latency ms={link.health.latency_ms} /></Fact>
        <Fact name="Last seen"><Ago at={link.health.last_seen} /></Fact>
        {link.provider && <Fact name="Provider">{link.provider}</Fact>}
        {Object.entries(link.metadata).map(([k, v]) => <Fact key={k} name={k}>{v}</Fact>)}
      </Facts></section>
      {ran.length > 0 && <section class="block"><h3>Recent operations on it</h3><ul class="plain">{ran.map(o => <li key={o.id}><StatusMark state={o.status} /><a href={`/operations/${o.id}`}>{o.kind === "verify" ? "Verify" : o.scripts.join(", ")}</a><span class="end dim"><Ago at={o.queued_at} /></span></li>)}</ul></section>}
    </div>
  </aside>;
}
