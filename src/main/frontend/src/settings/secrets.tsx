import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { closed } from "../session";
import type { Secret, Vault } from "../types/settings";
import { Ago, Button, Code, Empty, Fact, Facts, many, Panel, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { Command, Loaded, NoEntry, Note, useLoad } from "./shared";

export default function SecretsPart() {
  const why = closed("admin", "Seeing the names of secrets");
  const vault = useLoad<Vault>(why ? null : "/api/secrets");
  const putting = useSignal<string | null>(null), ending = useSignal<Secret | null>(null), rotating = useSignal(false);
  if (why) return <NoEntry what="Secrets" why={why} />;
  const acts = (s: Secret) => <span class="row-acts"><Button class="row-act" onClick={() => { putting.value = s.name; }}>Replace…</Button><Button class="row-act" icon="remove" label={`Delete ${s.name}`} onClick={() => { ending.value = s; }} /></span>;
  const columns: Column<Secret>[] = [
    { key: "name", title: "Name", width: "minmax(140px,1.4fr)", cell: s => <code class="name" title={s.name}>{s.name}</code> },
    { key: "value", title: "Value", width: "92px", from: 560, cell: () => <span class="dim">never shown</span> },
    { key: "by", title: "Put by", width: "minmax(80px,.7fr)", cell: s => s.updated_by },
    { key: "at", title: "Put", width: "92px", right: true, cell: s => <Ago at={s.updated_at} /> },
    { key: "made", title: "First", width: "92px", right: true, from: 700, cell: s => <Ago at={s.created_at} /> },
    { key: "act", title: "", width: "140px", right: true, cell: acts },
  ];
  const narrow = (s: Secret) => <div class="two"><div><code class="name">{s.name}</code><span class="end">{acts(s)}</span></div><div class="dim">by {s.updated_by}<span class="end"><Ago at={s.updated_at} /></span></div></div>;
  const list = vault.value?.secrets ?? [];
  return <div class="part-stack">
    <section class="panel table-panel bounded" aria-label="Secrets in the vault">
      <div class="tools"><p class="lead grow">Encrypted in the database. A value goes in and never comes out again, for nobody.</p><Button kind="primary" icon="plus" onClick={() => { putting.value = ""; }}>Put a secret…</Button></div>
      <Loaded of={vault}>{() => list.length ? <DataTable label="Secrets" rows={list} columns={columns} id={s => s.name} narrow={narrow} /> : <Empty title="The vault is empty">Put a secret here, and name it in the configuration or as a script’s parameter.</Empty>}</Loaded>
      <footer class="table-foot"><span class="dim num">{many(list.length, "secret")}</span></footer>
    </section>
    <Panel title="Where a secret is used"><div class="pad stack">
      <Facts><Fact name="Configuration"><code>vault:NAME</code> wherever a key wants a secret, such as <code>git.token</code>; read when LinkOps starts</Fact>
        <Fact name="Scripts">parameters of type <code>secret</code> (scripts.yaml) take the name; the next run has the new value, and it is masked in the output</Fact></Facts>
      <p class="dim">On LinkOps’ machine, with the value on standard input:</p><Command text={'printf %s "$TOKEN" | linkops secrets put fleet-token'} />
    </div></Panel>
    <Panel title="Master key"><div class="pad stack">
      <Loaded of={vault} rows={2}>{v => <><Facts><Fact name="Id"><Code text={v.master_key} label="Copy the key’s id" /></Fact>
        <Fact name="Kept in">{v.master_key_configured ? <><code>security.master_key</code> of the configuration</> : <><code>master.key</code> beside the database, mode 600</>}</Fact></Facts>
        <p>It seals the vault, the channels’ secrets and addresses. Back it up, apart from the database: without it they are lost.</p>
        <div class="acts"><Button icon="again" why={v.master_key_configured ? "The master key is the configuration’s: put the new one into security.master_key, the old one into security.previous_master_key, and restart." : null} onClick={() => { rotating.value = true; }}>Rotate the master key…</Button></div></>}</Loaded>
    </div></Panel>
    {putting.value !== null && <Put name={putting.value} onClose={() => { putting.value = null; }} done={() => void vault.load()} />}
    {ending.value && <Confirm title={`Delete ${ending.value.name}?`} act="Delete the secret" danger onClose={() => { ending.value = null; }} onConfirm={async () => {
      const { name } = ending.value!;
      await api(`/api/secrets/${segment(name)}`, { method: "DELETE" });
      toast({ kind: "done", text: `${name} is deleted from the vault.` });
      await vault.load();
    }}><p>What names it fails from now on: scripts at their next run, the configuration at the next start. The value cannot be got back.</p></Confirm>}
    {rotating.value && <Rotate onClose={() => { rotating.value = false; void vault.load(); }} />}
  </div>;
}

function Put({ name, onClose, done }: { name: string; onClose: () => void; done: () => void }) {
  const called = useSignal(name), value = useSignal(""), busy = useSignal(false), failed = useSignal<ApiError | null>(null), id = useId();
  const go = async () => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(called.value)) { failed.value = new ApiError(400, "", "", { fields: { name: "Letters, digits, dot, dash and underscore; a letter or digit first." } }); return; }
    busy.value = true;
    try {
      await api(`/api/secrets/${segment(called.value)}`, { method: "PUT", body: { value: value.value } });
      value.value = "";
      toast({ kind: "done", text: `${called.value} is in the vault.` });
      done();
      onClose();
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); busy.value = false; }
  };
  const error = failed.value, wrong = error?.field("value") ?? null;
  return <Sheet title={name ? `Replace ${name}` : "Put a secret into the vault"} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void go()}>{name ? "Replace it" : "Put it"}</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void go(); }}>
      {!name && <Field label="Name" mono value={called} autoFocus error={error?.field("name") ?? null} hint="How it is referred to: vault:NAME. A name that is there already gets the new value." />}
      <div class={wrong ? "field wrong" : "field"}><label for={id}>Value</label>
        <textarea id={id} class="mono veiled" rows={3} autocomplete="off" spellcheck={false} value={value} aria-describedby={`${id}-note`} data-autofocus={name ? "true" : undefined} onInput={event => { value.value = (event.target as HTMLTextAreaElement).value; }} />
        <p id={`${id}-note`} class="note">{wrong ?? "From 6 characters to 16 KiB, as it is: also line ends count. It is not shown again."}</p></div>
      {error && !error.details["fields"] && <Trouble text={error.message} />}
    </form></Sheet>;
}

function Rotate({ onClose }: { onClose: () => void }) {
  const state = useSignal<"asked" | "busy" | "done">("asked"), failed = useSignal<string | null>(null), result = useSignal<{ master_key: string; keys: number } | null>(null);
  const go = async () => {
    state.value = "busy";
    failed.value = null;
    try { result.value = await post("/api/secrets/rotate"); state.value = "done"; } catch (cause) { failed.value = sentence(cause); state.value = "asked"; }
  };
  const now = result.value;
  return <Sheet title={now ? "The master key is rotated" : "Rotate the master key?"} {...(state.value === "busy" ? {} : { onClose })}
    footer={now ? <Button kind="primary" onClick={onClose}>Close</Button> : <><Button {...(state.value === "busy" ? { why: "It is under way." } : {})} onClick={onClose}>Cancel</Button><Button kind="primary" icon="again" busy={state.value === "busy"} onClick={() => void go()}>{state.value === "busy" ? "Rotating…" : "Rotate"}</Button></>}>
    {now ? <><p>{many(now.keys, "key")} were sealed anew; every secret opens as before.</p><Facts><Fact name="New key"><Code text={now.master_key} label="Copy the key’s id" /></Fact></Facts><Note>Back up the new <code>master.key</code> now. Backups made before open only with the old one.</Note></>
      : <><ol class="steps-list"><li>LinkOps makes a new master key beside the old one.</li><li>Everything that the old one sealed is sealed with the new one, while LinkOps works on.</li><li>The old key is given up. If this is cut off, the next start finishes it.</li></ol>
        <p>Secrets keep their values. It does not help if the key leaked together with a copy of the database: then change the secrets.</p></>}
    {failed.value && <Trouble text={failed.value} />}
  </Sheet>;
}
