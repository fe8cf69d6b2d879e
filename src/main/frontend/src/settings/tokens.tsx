import { useSignal } from "@preact/signals";
import { api, ApiError, post, segment, sentence } from "../api";
import { adjust, query } from "../router";
import { denied } from "../session";
import type { ApiToken } from "../types/settings";
import { Ago, Button, Empty, exact, many, now, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { scopeOf } from "./scope";
import { Check, Command, Loaded, Mark, Note, rolesUpTo, ScopeFields, scopeWords, Select, useLoad, who } from "./shared";

const DAY = 86_400_000;
const Ends = ({ at }: { at: string | null }) => at === null ? <span class="dim">never</span> : Date.parse(at) < now.value ? <Mark tone="off">ended</Mark>
  : <time class="num" dateTime={at} title={exact(at)}>in {Math.max(1, Math.round((Date.parse(at) - now.value) / DAY))} d</time>;

export default function TokensPart() {
  const everybody = query.value.get("all") === "1" && !denied("admin", "");
  const tokens = useLoad<{ tokens: ApiToken[] }>(`/api/tokens${everybody ? "?all=true" : ""}`);
  const making = useSignal(false), ending = useSignal<ApiToken | null>(null);
  const all = tokens.value?.tokens ?? [];
  const columns: Column<ApiToken>[] = [
    { key: "name", title: "Name", width: "minmax(120px,1.2fr)", cell: t => <span class="name" title={t.name}>{t.name}</span> },
    ...(everybody ? [{ key: "by", title: "Of", width: "minmax(80px,.6fr)", cell: (t: ApiToken) => t.username }] : []),
    { key: "role", title: "Role", width: "84px", cell: t => t.role },
    { key: "scope", title: "Where", width: "minmax(100px,1fr)", from: 640, cell: t => <span class={t.scope ? "" : "dim"} title={scopeWords(t.scope) ?? ""}>{scopeWords(t.scope) ?? "as its owner"}</span> },
    { key: "used", title: "Last used", width: "100px", right: true, cell: t => <Ago at={t.last_used_at} /> },
    { key: "made", title: "Made", width: "92px", right: true, from: 760, cell: t => <Ago at={t.created_at} /> },
    { key: "ends", title: "Ends", width: "84px", right: true, cell: t => <Ends at={t.expires_at} /> },
    { key: "act", title: "", width: "100px", right: true, cell: t => <Button class="row-act" onClick={() => { ending.value = t; }}>Revoke…</Button> },
  ];
  const narrow = (t: ApiToken) => <div class="two"><div><span class="name">{t.name}</span><span class="end"><Button class="row-act" onClick={() => { ending.value = t; }}>Revoke…</Button></span></div>
    <div class="dim"><span class="tag">{t.role}</span>{everybody && t.username}<span class="end">used <Ago at={t.last_used_at} /></span></div></div>;
  const why = who().is_api_token ? "You are here with an API token, which cannot make others." : null;
  return <section class="panel table-panel" aria-label="API tokens">
    <div class="tools"><p class="lead grow">For programs. A token may do at most what its owner may, and outlives a change of the password.</p>
      <div class="tabs" role="group" aria-label="Whose tokens"><button type="button" aria-pressed={!everybody} onClick={() => adjust({ all: null })}>Mine</button>
        <button type="button" aria-pressed={everybody} aria-disabled={denied("admin", "") ? "true" : undefined} title={denied("admin", "Seeing everybody’s tokens") ?? undefined} onClick={() => { const no = denied("admin", "Seeing everybody’s tokens"); if (no) toast({ kind: "note", text: no }); else adjust({ all: "1" }); }}>Everybody’s</button></div>
      <Button kind="primary" icon="plus" why={why} onClick={() => { making.value = true; }}>New token…</Button></div>
    <Loaded of={tokens}>{() => all.length ? <DataTable label="API tokens" rows={all} columns={columns} id={t => t.id} narrow={narrow} />
      : <Empty title={everybody ? "Nobody has an API token" : "You have no API token"}>Make one for a program that calls LinkOps, such as a pipeline. Its secret is shown once.</Empty>}</Loaded>
    <footer class="table-foot"><span class="dim num">{many(all.length, "token")}</span><a href="/api/docs" target="_blank" rel="noopener">What the API can do</a></footer>
    {making.value && <NewToken onClose={() => { making.value = false; void tokens.load(); }} />}
    {ending.value && <Confirm title={`Revoke ${ending.value.name}?`} act="Revoke the token" danger onClose={() => { ending.value = null; }} onConfirm={async () => {
      const { id, name } = ending.value!;
      await api(`/api/tokens/${segment(id)}`, { method: "DELETE" });
      toast({ kind: "done", text: `The token ${name} is revoked.` });
      await tokens.load();
    }}><p>Whatever uses it is refused from now on. This cannot be undone; make another token instead.</p></Confirm>}
  </section>;
}

const ends: readonly (readonly [string, string])[] = [["30", "30 days"], ["90", "90 days"], ["365", "a year"], ["", "no end"]];

function NewToken({ onClose }: { onClose: () => void }) {
  const name = useSignal(""), role = useSignal<string>("viewer"), days = useSignal("90"), narrow = useSignal(false), targets = useSignal(""), scripts = useSignal("");
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null), secret = useSignal<string | null>(null);
  const make = async () => {
    busy.value = true;
    failed.value = null;
    try {
      const made = await post<ApiToken & { secret: string }>("/api/tokens", {
        name: name.value.trim(), role: role.value, expires_at: days.value ? new Date(Date.now() + Number(days.value) * DAY).toISOString() : null,
        ...(narrow.value ? { scope: scopeOf(targets.value, scripts.value) } : {}),
      });
      secret.value = made.secret;
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); }
    busy.value = false;
  };
  const error = failed.value;
  if (secret.value) return <Sheet title={`The token ${name.value.trim()}`} footer={<Button kind="primary" onClick={onClose}>I have copied it</Button>}>
    <p>This is the only time that LinkOps shows it. Copy it to where it is needed; who has it can do what it may.</p>
    <Command text={secret.value} label="Copy the token" />
    <p class="dim">A first try:</p>
    <Command text={`curl -s ${location.origin}/api/auth/me -H "Authorization: Bearer $TOKEN"`} label="Copy the command" />
    <Note>LinkOps keeps only a hash. If it is lost, revoke it and make another.</Note>
  </Sheet>;
  return <Sheet title="New API token" onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void make()}>Make the token</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void make(); }}>
      <Field label="Name" value={name} autoFocus error={error?.field("name") ?? null} hint="What uses it, such as ci or grafana." />
      <Select label="Role" value={role} options={rolesUpTo(who().role)} error={error?.field("role") ?? null} hint="At most your own." />
      <Select label="Ends after" value={days} options={ends} error={error?.field("expires_at") ?? null} />
      <Check label="Only some links or scripts" on={narrow.value} onChange={on => { narrow.value = on; }} />
      {narrow.value && <ScopeFields role={role.value} targets={targets} scripts={scripts} errors={error} />}
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {error && !error.details["fields"] && <Trouble text={error.message} />}
    </form>
  </Sheet>;
}
