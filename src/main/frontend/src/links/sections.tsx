import { useSignal } from "@preact/signals";
import { post, segment } from "../api";
import { term } from "../filter";
import { linkById, patchLink } from "../live/fleet";
import { denied } from "../session";
import type { Link } from "../types";
import { Ago, Button, Code, Copy, count, Fact, Facts, Glyph, StatusMark, Trouble } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { toast } from "../ui/toast";
import { jumpPath, place, quoted, sshConfig } from "./text";

const said = { ok: undefined, slow: "Slow", critical: "Very slow" };
export const Latency = ({ link }: { link: Link }) => {
  const { latency_ms: ms, latency } = link.health;
  return ms === null ? <span class="dim">–</span> : <span class={`num${latency === "critical" ? " tone-bad" : latency === "slow" ? " tone-warn" : ""}`} title={latency ? said[latency] : undefined}>{count(ms)} ms</span>;
};

/** What a person can do about each reason; commands to run on the machine itself. */
export function remedy(link: Link): { text: string; command?: string; enroll?: boolean } | null {
  const { reason, client_id, path } = link.enrollment;
  const folder = path.slice(0, path.lastIndexOf("/")) || "/";
  const write = `sudo mkdir -p ${quoted(folder)} && printf '%s\\n' ${quoted(client_id)} | sudo tee ${quoted(path)}`;
  switch (reason) {
    case "client_id_missing": return { text: "Let LinkOps write the expected id over SSH, or write it on the machine and verify again:", command: write, enroll: true };
    case "client_id_mismatch": return { text: "The file holds another id. Make sure that this is the machine you mean (and not another one at the same address); then correct enrollment.clientId in links.yaml, let LinkOps replace the id, or write it on the machine:", command: write, enroll: true };
    case "client_id_denied": return { text: `The user ${link.user} may not read the file. On the machine:`, command: `sudo chmod 755 ${quoted(folder)} && sudo chmod 644 ${quoted(path)}` };
    case "client_id_irregular": return { text: "The path is not a plain file. Remove what is there and write the id:", command: `sudo rm -r ${quoted(path)} && ${write}` };
    case "client_id_too_large": return { text: "The file is too large to be a client id. Write the expected one:", command: write, enroll: true };
    case "unresolved": return { text: "The host name does not resolve where LinkOps runs. Correct host in links.yaml, or the name service." };
    case "unreachable": return { text: "No connection came about. Check that the machine is on, that SSH listens on this port, and that no firewall is between:", command: `ssh -p ${link.port} ${quoted(`${link.user}@${link.host}`)} true` };
    case "host_key_unknown": return { text: "Nobody has confirmed this machine’s host key yet. Compare and confirm it under “Host key”; then verify again." };
    case "host_key_changed": return { text: "The machine shows another host key than the confirmed one. It may have been installed anew, or somebody may be in between. Decide under “Host key”." };
    case "login_refused": return { text: `The server does not accept LinkOps’ key for ${link.user}. Add its public key to ~${link.user}/.ssh/authorized_keys on the machine.` };
    case "key_file_refused": return { text: "The private key file on LinkOps’ machine cannot be used: it must exist in the keys directory, belong to the service and have mode 600." };
    case null: return null;
    default: return { text: "Put right what the sentence above says, then verify again." };
  }
}

export function Enrollment({ link, onEnroll }: { link: Link; onEnroll: () => void }) {
  const e = link.enrollment;
  const fix = remedy(link);
  return <section class="block" aria-label="Enrollment"><h3>Enrollment <span class="end"><StatusMark state={e.status} /></span></h3>
    {e.error && <Trouble text={e.error} />}
    <Facts>
      <Fact name="Expected id"><Code text={e.client_id} label="Copy the expected id" /></Fact>
      <Fact name="In the file"><code>{e.path}</code></Fact>
      <Fact name="Found there">{e.status === "unverified" ? <span class="dim">not looked yet</span> : e.client_id_matches ? <><Glyph tone="ok" /> the expected id</> : e.client_id_found ? <><Glyph tone="bad" /> another id</> : <><Glyph tone="bad" /> nothing that could be read</>}</Fact>
      <Fact name="Looked"><Ago at={e.verified_at} /></Fact>
    </Facts>
    {e.status === "unverified" && <p class="advice">Verify: LinkOps connects, proves the host key and compares the id. Scripts run only on enrolled links.</p>}
    {fix && <div class="advice"><p>{fix.text}</p>
      {fix.enroll && <Button icon="fingerprint" why={link.retired ? "It is retired." : denied("admin", "Enrolling")} onClick={onEnroll}>Enroll over SSH…</Button>}
      {fix.command && <div class="command"><code>{fix.command}</code><Copy text={fix.command} label="Copy the command" /></div>}</div>}
  </section>;
}

const LOOK = "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub";

/** The fingerprint that was offered, how to compare it, and the button that confirms it. */
export function OfferedKey({ link, offered, onConfirmed }: { link: Link; offered: string; onConfirmed?: () => void }) {
  const asking = useSignal(false);
  const { trusted } = link.host_key, pinned = link.ssh.pinned_host_key;
  const changed = trusted.length > 0;
  const confirm = async () => {
    patchLink(await post<Link>(`/api/links/${segment(link.id)}/host-key`, { fingerprint: offered }));
    toast({ kind: "done", text: `The host key of ${link.id} is confirmed. Verify it now.` });
    onConfirmed?.();
  };
  return <div class="advice"><p>Compare the offered fingerprint with what the machine itself says, over another way than this connection (console, provider’s panel):</p>
    <div class="command"><code>{LOOK}</code><Copy text={LOOK} label="Copy the command" /></div>
    {pinned ? <p>links.yaml pins another key ({pinned}). If the new one is right, change ssh.hostKey there and sync.</p>
      : <Button kind={changed ? "danger" : undefined} icon="fingerprint" why={denied("admin", "Confirming a host key")} onClick={() => { asking.value = true; }}>{changed ? "Accept the new key…" : "Confirm this key…"}</Button>}
    {asking.value && <Confirm title={changed ? `Accept another host key for ${link.id}?` : `Confirm the host key of ${link.id}?`} act={changed ? "Accept the new key" : "Confirm the key"} danger={changed} onClose={() => { asking.value = false; }} onConfirm={confirm}>
      <p>LinkOps will trust whoever holds this key as {link.id}, and run scripts there. Confirm only if the machine itself shows the same fingerprint.</p>
      <Facts><Fact name="Offered"><code class="print">{offered}</code></Fact>{trusted.map(t => <Fact key={t} name="So far"><code class="print">{t}</code></Fact>)}</Facts>
    </Confirm>}
  </div>;
}

export function HostKey({ link }: { link: Link }) {
  const { trusted, offered } = link.host_key;
  const changed = trusted.length > 0 && offered !== null;
  return <section class="block" aria-label="Host key"><h3>Host key <span class="end">{offered ? <span class={`status tone-${changed ? "bad" : "warn"}`}><Glyph tone={changed ? "bad" : "warn"} />{changed ? "Changed" : "To be confirmed"}</span>
    : trusted.length ? <span class="status tone-ok"><Glyph tone="ok" />Trusted</span> : <span class="status tone-unknown"><Glyph tone="unknown" />Not seen yet</span>}</span></h3>
    <Facts>
      {trusted.map(print => <Fact key={print} name={print === link.ssh.pinned_host_key ? "Pinned in Git" : "Confirmed"}><Code text={print} label="Copy the confirmed fingerprint" /></Fact>)}
      {offered && <Fact name="Offered"><Code text={offered} label="Copy the offered fingerprint" /></Fact>}
      {!trusted.length && !offered && <Fact name="Fingerprint"><span class="dim">none; verify the link to see it</span></Fact>}
    </Facts>
    {offered && <OfferedKey link={link} offered={offered} />}
  </section>;
}

export function Connection({ link }: { link: Link }) {
  const path = jumpPath(link, linkById.value);
  return <section class="block" aria-label="Connection"><h3>Connection</h3><Facts>
    <Fact name="Address"><Code text={place(link)} label="Copy the address" /></Fact>
    <Fact name="Way">{path.length > 1 ? <span class="way">LinkOps{path.map(hop => <span key={hop.id}> → {hop.id === link.id ? hop.id : <a href={`/links/${encodeURIComponent(hop.id)}`}>{hop.id}</a>}{hop.health.status === "offline" && <> <Glyph tone="bad" label="offline" /></>}</span>)}</span>
      : link.ssh.proxy_jump ? <span>through {link.ssh.proxy_jump}, which is not in the inventory</span> : "straight from LinkOps"}</Fact>
    <Fact name="Key">{link.ssh.key_ref ? <code>{link.ssh.key_ref}</code> : "the default key"}</Fact>
    <Fact name="Latency"><Latency link={link} /></Fact>
    <Fact name="Last seen"><Ago at={link.health.last_seen} /></Fact>
  </Facts></section>;
}

export function About({ link }: { link: Link }) {
  const own = Object.entries(link.metadata);
  return <section class="block" aria-label="Facts"><h3>Facts</h3><Facts>
    <Fact name="Type"><a class="tag" href={`/links?q=${encodeURIComponent(term("type", link.type))}`}>{link.type}</a></Fact>
    <Fact name="Provider">{link.provider ?? <span class="dim">not said</span>}</Fact>
    <Fact name="Tags">{link.tags.length ? <span class="tags wraps">{link.tags.map(t => <a class="tag" key={t} href={`/links?q=${encodeURIComponent(term("tag", t))}`}>{t}</a>)}</span> : <span class="dim">none</span>}</Fact>
    {own.map(([k, v]) => <Fact key={k} name={k}>{v}</Fact>)}
  </Facts></section>;
}

export function SshConfig({ link }: { link: Link }) {
  const config = sshConfig(jumpPath(link, linkById.value));
  return <section class="block" aria-label="SSH configuration"><h3>SSH configuration <span class="end"><Copy text={config} label="Copy the SSH configuration" /></span></h3>
    <p class="dim">For ~/.ssh/config on your machine; the keys are yours to have.</p>
    <pre class="snippet" tabIndex={0} aria-label="SSH configuration">{config}</pre></section>;
}
