import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { post } from "../api";
import { git, syncing } from "../live/fleet";
import { Awaited } from "../live/waiting";
import { adjust, query } from "../router";
import { closed, denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import type { FieldChange, FullSync, GitDiff, GitState, Held } from "../types/settings";
import { Ago, Button, Code, count, duration, Empty, Fact, Facts, Glyph, Icon, many, Panel, short, StatusMark } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { toast } from "../ui/toast";
import { located } from "./located";
import { Command, Configuration, Loaded, Note, setting, useLoad, useSettings } from "./shared";

/** An error of the repository: its places (file and line) stand out. */
const Located = ({ text }: { text: string }) => <p class="located">{located(text).map((p, i) => p.place ? <code key={i}>{p.text}</code> : p.text)}</p>;

const Problem = ({ sync }: { sync: FullSync }) => <div class="trouble" role="alert"><Icon name="alert" /><div><Located text={sync.error ?? "The sync failed."} /><p class="dim">Mend it in the repository, push, and sync again. Until then commit {short(sync.commit)} stays in force.</p></div></div>;

const words = { added: "added", changed: "changed", removed: "retired" } as const;
const Change = ({ what }: { what: "added" | "changed" | "removed" }) => <span class={`change ${what}`}>{words[what]}</span>;
const Fields = ({ fields }: { fields: FieldChange[] }) => fields.length ? <dl class="field-changes">{fields.map(f => <div key={f.field}><dt><code>{f.field}</code></dt>
  <dd>{f.before !== null && <del>{f.before}</del>}{f.before !== null && f.after !== null && <span class="dim"> → </span>}{f.after !== null && <ins>{f.after}</ins>}</dd></div>)}</dl> : null;
const More = ({ n, of }: { n: number; of: string }) => n > 0 ? <p class="dim">and {many(n, of)} more</p> : null;

function Diff({ diff }: { diff: GitDiff }) {
  return <div class="diff">
    {diff.is_rewritten && <p class="tone-warn"><Glyph tone="warn" /> The branch was rewritten: it no longer holds the commit that was in force.</p>}
    {diff.commits.length > 0 && <section><h4>{many(diff.commits.length + diff.more_commits, "commit")}</h4><ul>{diff.commits.map(c => <li key={c.commit}><code>{short(c.commit)}</code> <span class="breaks">{c.subject}</span> <span class="dim">{c.author}</span></li>)}</ul><More n={diff.more_commits} of="commit" /></section>}
    {diff.links.length > 0 && <section><h4>{many(diff.links.length + diff.more_links, "link")}</h4><ul>{diff.links.map(l => <li key={l.id}><Change what={l.change} /> <a href={`/links/${encodeURIComponent(l.id)}`}>{l.id}</a>{l.change === "changed" && <Fields fields={l.fields} />}</li>)}</ul><More n={diff.more_links} of="link" /></section>}
    {diff.scripts.length > 0 && <section><h4>{many(diff.scripts.length + diff.more_scripts, "script")}</h4><ul>{diff.scripts.map(s => <li key={s.id}><Change what={s.change} /> <a href={`/scripts/${encodeURIComponent(s.id)}`}>{s.id}</a>{s.change === "changed" && <Fields fields={[...s.fields, ...(s.sha256_before !== s.sha256_after ? [{ field: "sha256", before: s.sha256_before?.slice(0, 12) ?? null, after: s.sha256_after?.slice(0, 12) ?? null }] : [])]} />}</li>)}</ul><More n={diff.more_scripts} of="script" /></section>}
    {diff.files.length > 0 && <section><h4>{many(diff.files.length + diff.more_files, "file")}</h4><ul class="files">{diff.files.map(f => <li key={f}><code class="breaks">{f}</code></li>)}</ul><More n={diff.more_files} of="file" /></section>}
    {!diff.commits.length && !diff.links.length && !diff.scripts.length && !diff.files.length && <p class="dim">Nothing of the inventory or the scripts changed.</p>}
  </div>;
}

function SyncDetail({ id }: { id: number }) {
  const detail = useLoad<{ sync: FullSync; diff: GitDiff | null }>(`/api/git/history/${id}`);
  return <Loaded of={detail} rows={3}>{({ sync, diff }) => <>
    {!sync.success && !sync.held_commit && <Problem sync={sync} />}
    {sync.warnings.length > 0 && <ul class="warnings">{sync.warnings.map(w => <li key={w}><Glyph tone="warn" label="Warning" /><Located text={w} /></li>)}</ul>}
    {diff ? <Diff diff={diff} /> : sync.success && <p class="dim">{sync.changed ? "What it changed is no longer kept." : "It brought nothing new."}</p>}
  </>}</Loaded>;
}

function HeldPanel({ held }: { held: Held }) {
  const asked = useSignal<"approve" | "reject" | null>(null);
  const why = closed("admin", "Deciding on a held change");
  const decide = async (how: "approve" | "reject") => {
    await post(`/api/git/held/${held.commit}/${how}`);
    toast({ kind: "done", text: how === "approve" ? `${short(held.commit)} is approved and in force.` : `${short(held.commit)} is rejected. ${short(held.base)} stays in force; a newer commit is judged anew.` });
  };
  const rejected = held.rejected_by !== null;
  return <section class={rejected ? "panel" : "panel held"} aria-labelledby="held-title">
    <header><h2 id="held-title">{rejected ? "Rejected change" : "A change waits for an admin"}</h2><span class="end"><span class={`status tone-${rejected ? "off" : "warn"}`}><Glyph tone={rejected ? "off" : "warn"} />{rejected ? "Rejected" : "Held"}</span></span></header>
    <div class="pad stack">
      <ul class="reasons">{held.reasons.map((r, i) => <li key={i}><Glyph tone="warn" /><span>{r.text}{r.link && <> (<a href={`/links/${encodeURIComponent(r.link)}`}>{r.link}</a>)</>}</span></li>)}</ul>
      <Facts>
        <Fact name="Commit"><Code text={short(held.commit)} label="Copy the commit" /><span class="subject">{held.message}</span></Fact>
        <Fact name="In force"><code>{short(held.base)}</code> until somebody decides</Fact>
        <Fact name="Held"><Ago at={held.held_at} />{rejected && <>, rejected by {held.rejected_by} <Ago at={held.rejected_at} /></>}</Fact>
      </Facts>
      <div class="acts spread"><Button {...(rejected ? {} : { kind: "primary" as const })} icon="check" why={why} onClick={() => { asked.value = "approve"; }}>{rejected ? "Approve after all…" : "Approve…"}</Button>
        {!rejected && <Button kind="danger" icon="close" why={why} onClick={() => { asked.value = "reject"; }}>Reject…</Button>}</div>
      <h3>What it would change</h3>
      <SyncDetail id={held.sync_id} />
    </div>
    {asked.value === "approve" && <Confirm title={`Approve ${short(held.commit)}?`} act="Approve and apply" onClose={() => { asked.value = null; }} onConfirm={() => decide("approve")}>
      <p>Exactly this commit becomes the inventory now:</p><ul class="reasons">{held.reasons.map((r, i) => <li key={i}><Glyph tone="warn" /><span>{r.text}</span></li>)}</ul></Confirm>}
    {asked.value === "reject" && <Confirm title={`Reject ${short(held.commit)}?`} act="Reject it" danger onClose={() => { asked.value = null; }} onConfirm={() => decide("reject")}>
      <p>The commit in force stays. Put it right in the repository: the next commit is judged anew. You can still approve this one later.</p></Confirm>}
  </section>;
}

function History({ last }: { last: number | undefined }) {
  const why = closed("viewer", "The history of syncs");
  const history = useLoad<{ syncs: FullSync[] }>(why ? null : "/api/git/history?limit=20");
  useEffect(() => { if (history.value && last && history.value.syncs[0]?.id !== last) void history.load(); }, [last]);
  const open = Number(query.value.get("sync") ?? 0);
  return <Panel title="Last syncs">
    {why ? <p class="lead"><Glyph tone="off" /> {why}</p> : <Loaded of={history}>{({ syncs }) => syncs.length ? <ul class="syncs">{syncs.map(s => <li key={s.id}>
      <button type="button" aria-expanded={open === s.id} onClick={() => adjust({ sync: open === s.id ? null : String(s.id) })}>
        <Icon name={open === s.id ? "down" : "right"} size={14} />
        <span class="outcome">{s.held_commit ? <span class="status tone-warn"><Glyph tone="warn" />Held</span> : <StatusMark state={s.success ? "success" : "failed"} />}</span>
        <code>{short(s.held_commit ?? s.commit)}</code>
        <span class="grow clip">{s.held_commit ? "was held for an admin" : s.error ?? (s.diff && s.changed ? `${count(s.diff.added.length)} added, ${count(s.diff.changed.length)} changed, ${count(s.diff.retired.length)} retired` : "nothing new")}{s.approved_by && `, approved by ${s.approved_by}`}</span>
        <span class="dim by">{s.started_by}</span><span class="dim num took">{duration(s.duration_ms)}</span><span class="dim when"><Ago at={s.ended_at} /></span></button>
      {open === s.id && <div class="sync-detail"><SyncDetail id={s.id} /></div>}</li>)}</ul>
      : <Empty title="No sync yet">Sync now fetches the repository for the first time.</Empty>}</Loaded>}
  </Panel>;
}

function Webhook({ state }: { state: GitState }) {
  const hook = state.webhook;
  return <Panel title="Webhook" aside={<span class="end status">{hook.configured ? <><Glyph tone="ok" />Configured</> : <><Glyph tone="unknown" />Not configured</>}</span>}>
    <div class="pad stack">
      <p>The Git host can tell LinkOps of a push, so that it syncs at once instead of at the next interval.</p>
      <Facts>
        <Fact name="Address"><Code text={`${location.origin}/api/git/webhook`} label="Copy the webhook’s address" /></Fact>
        <Fact name="Content type"><code>application/json</code></Fact>
        <Fact name="Events">pushes only</Fact>
        <Fact name="Secret">{hook.configured ? <>the one in <code>git.webhook_secret</code></> : <>a long random text, here and in <code>git.webhook_secret</code></>}</Fact>
        {hook.configured && <Fact name="Heard">{count(hook.started)} started a sync, {count(hook.ignored)} ignored, {hook.refused ? <span class="tone-warn">{count(hook.refused)} refused (wrong secret), the last <Ago at={hook.last_refused_at} /></span> : "none refused"} since LinkOps started</Fact>}
      </Facts>
      {!hook.configured && <><p>Make a secret, write it into the configuration, restart LinkOps, then add the webhook at the Git host:</p><Command text="openssl rand -hex 32" /><Command text={"git:\n  webhook_secret: file:/etc/linkops/webhook.secret"} label="Copy the configuration" /></>}
      <p class="dim">GitHub, Gitea and Forgejo: Settings → Webhooks. GitLab: Settings → Webhooks, with the secret as its token.</p>
    </div></Panel>;
}

function DeployKey({ url }: { url: string | null }) {
  useSettings();
  const path = setting("git.ssh_key_path");
  const ssh = url !== null && !/^(https?|file):/.test(url);
  if (!ssh && !path) return null;
  return <Panel title="Deploy key"><div class="pad stack">
    <p>The Git host needs the public half of the key LinkOps fetches with{path ? <> (<code>{path}</code>)</> : <> (<code>git.ssh_key_path</code>)</>}; reading is enough unless links are edited here. On LinkOps’ machine:</p>
    <Command text={`sudo ssh-keygen -y -f ${path ?? "/etc/linkops/git_key"}`} label="Copy the command" />
  </div></Panel>;
}

export default function GitPart() {
  const state = git.value as GitState | null;
  if (!state) return <Panel><Awaited rows={8} label="Loading what is known of Git" /></Panel>;
  const last = state.last_sync as FullSync | null;
  const busy = syncing.value || state.syncing;
  return <div class="part-stack">
    {state.held && <HeldPanel held={state.held} />}
    <Panel title="Repository" aside={<Button class="end" {...(state.held && !state.held.rejected_by ? {} : { kind: "primary" as const })} icon="sync" busy={busy} why={state.url ? closed("operator", "Syncing") : "No repository is configured: set git.repository_url."} onClick={() => void syncAndTell()}>Sync now</Button>}>
      <div class="pad stack">
        {last && !last.success && !last.held_commit && <Problem sync={last} />}
        <Facts>
          <Fact name="Remote">{state.url ? <Code text={state.url} label="Copy the address" /> : <span class="dim">none configured: set <code>git.repository_url</code></span>}</Fact>
          <Fact name="Branch"><code>{state.branch}</code></Fact>
          <Fact name="In force">{state.commit ? <><Code text={state.commit.slice(0, 12)} label="Copy the commit" /> <Ago at={state.commit_time} /><span class="subject">{state.commit_message}</span></> : <span class="dim">no commit yet</span>}</Fact>
          <Fact name="Last sync">{last ? <>{last.held_commit ? <span class="status tone-warn"><Glyph tone="warn" />Held</span> : <StatusMark state={last.success ? "success" : "failed"} />} <Ago at={last.ended_at} /> <span class="dim">by {last.started_by}, took {duration(last.duration_ms)}</span></> : <span class="dim">never</span>}</Fact>
          <Fact name="Editing here">{state.writable ? "links can be edited in LinkOps; each change becomes a commit" : <>off: links change in the repository (<code>git.writable</code>)</>}</Fact>
        </Facts>
        {denied("operator", "") && <Note>{denied("operator", "Syncing")}</Note>}
      </div>
    </Panel>
    <History last={last?.id} />
    <Webhook state={state} />
    <DeployKey url={state.url} />
    <Configuration title="Configuration of Git" keys={["git."]} />
  </div>;
}
