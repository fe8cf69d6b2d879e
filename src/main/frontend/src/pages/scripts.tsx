import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, segment, sentence } from "../api";
import { AsOf, Awaited } from "../live/waiting";
import { operations, scripts, scriptsCommit, scriptsReady } from "../live/fleet";
import { matches, range } from "../plan";
import { adjust, navigate, query } from "../router";
import { newRun } from "../run";
import { closed, denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import "../style/operations.css";
import type { Script, ScriptSource, Summary } from "../types";
import { isOver } from "../types";
import type { Parameter } from "../types/operations";
import { Ago, Button, Code, Copy, count, duration, Empty, Fact, Facts, Icon, many, short, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { tokens } from "../ui/bash";

const SHOWN_LINES = 3000;

function Source({ text }: { text: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return <div class="source" tabIndex={0} role="region" aria-label="Source">
    <pre><code>{lines.slice(0, SHOWN_LINES).map((line, i) => <span class="code-line" key={i}><b>{i + 1}</b>{tokens(line).map(t => t.cls ? <span class={`t-${t.cls}`}>{t.text}</span> : t.text)}{"\n"}</span>)}</code></pre>
    {lines.length > SHOWN_LINES && <p class="pad dim">{count(lines.length - SHOWN_LINES)} more lines are in the repository.</p>}
  </div>;
}

const RECENT = 5;

/** The newest runs of a script: fetched once, then as events tell. */
function RecentRuns({ id }: { id: string }) {
  const fetched = useSignal<Summary[] | null>(null), failed = useSignal<string | null>(null);
  useEffect(() => {
    const left = new AbortController();
    api<{ operations: Summary[] }>(`/api/operations?${new URLSearchParams({ script: id, kind: "script", limit: String(RECENT) })}`, { signal: left.signal }).then(o => { fetched.value = o.operations; }, cause => { if (!left.signal.aborted) failed.value = sentence(cause); });
    return () => left.abort();
  }, [id]);
  if (failed.value) return <span class="dim">{failed.value}</span>;
  if (!fetched.value) return <span class="dim">…</span>;
  const all = new Map(fetched.value.map(o => [o.id, o]));
  for (const o of operations.value.values()) if (o.kind === "script" && o.scripts.includes(id) && (all.has(o.id) || o.queued_at >= (fetched.value.at(-1)?.queued_at ?? ""))) all.set(o.id, o);
  const list = [...all.values()].sort((a, b) => b.queued_at.localeCompare(a.queued_at)).slice(0, RECENT);
  if (!list.length) return <span class="dim">never run yet</span>;
  return <ul class="recent-runs">{list.map(o => <li key={o.id}><a href={`/operations/${encodeURIComponent(o.id)}`}><StatusMark state={o.status} /><span class="grow">{many(o.targets, "link")} <span class="dim">by {o.started_by}</span></span><span class="dim">{o.duration_ms !== null && isOver(o.status) && <span class="num">{duration(o.duration_ms)} · </span>}<Ago at={o.queued_at} /></span></a></li>)}</ul>;
}

const about = (p: Parameter) => [p.type === "int" ? range(p) : p.type === "enum" ? p.values.join(", ") : p.type === "text" && p.pattern ? `as ${p.pattern}` : p.type === "secret" ? "name of a secret" : "", p.default !== null ? `default ${p.default}` : p.required ? "needed" : ""].filter(Boolean).join(" · ");
const durables = { auto: "where its time-out is long", always: "always: a run outlives the connection and LinkOps", never: "never: a run ends with its connection" };
const SAMPLE = `scripts:
  uptime:
    name: Uptime
    description: How long each machine has been up
    path: scripts/uptime.sh
    timeout: 30s
    tags: [look]
    parameters:
      days: {type: int, min: 1, max: 90, default: 7, description: How far to look back}`;

function Detail({ script }: { script: Script }) {
  const source = useSignal<ScriptSource | null>(null), failed = useSignal<string | null>(null), round = useSignal(0);
  useEffect(() => {
    const left = new AbortController();
    source.value = null;
    failed.value = null;
    api<ScriptSource>(`/api/scripts/${segment(script.id)}`, { signal: left.signal }).then(s => { source.value = s; }, cause => { if (!left.signal.aborted) failed.value = sentence(cause); });
    return () => left.abort();
  }, [script.id, scriptsCommit.value, round.value]);
  return <aside class="panel side script" aria-labelledby="script-title">
    <header><a class="button ghost only back" href="/scripts" aria-label="Back to the scripts"><Icon name="left" /></a><h2 id="script-title">{script.name}</h2>
      <Button icon="clock" why={denied("operator", "Making schedules")} onClick={() => navigate(`/operations?${new URLSearchParams({ view: "scheduled", edit: "new", start: script.id })}`)}>Schedule…</Button>
      <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun({ scripts: [script.id] })}>Run…</Button></header>
    <div class="script-facts tall" tabIndex={0} role="region" aria-label="Facts"><p>{script.description}</p><Facts>
      <Fact name="Last runs"><RecentRuns id={script.id} /></Fact>
      <Fact name="Id"><code>{script.id}</code></Fact>
      <Fact name="File"><code class="breaks">{script.path}</code></Fact>
      <Fact name="Time">{script.estimate_ms === null ? <span class="dim">no estimate</span> : `about ${duration(script.estimate_ms)}`}{script.timeout_ms !== null && <span class="dim">, ended after {duration(script.timeout_ms)}</span>}{script.timeout_ms === null && <span class="dim">, the default time-out</span>}</Fact>
      <Fact name="Durable">{durables[script.durable]}</Fact>
      {script.needs.length > 0 && <Fact name="Needs"><span class="tags wraps">{script.needs.map(n => <code class="tag" key={n}>{n}</code>)}</span></Fact>}
      {script.parameters.length > 0 && <Fact name="Parameters"><ul class="param-list">{script.parameters.map(p => <li key={p.name}><code class="breaks">{p.name}</code><span class="dim">{p.type}{about(p) && ` · ${about(p)}`}</span>{p.description && <p>{p.description}</p>}</li>)}</ul></Fact>}
      <Fact name="Flags">{script.flags.length ? <span class="tags wraps">{script.flags.map(f => <code class="tag" key={f}>{f}</code>)}</span> : <span class="dim">none declared</span>}</Fact>
      {source.value && <Fact name="SHA-256"><Code text={source.value.sha256} label="Copy the checksum" /></Fact>}
    </Facts></div>
    <div class="source-head"><span>Source at <code>{short(source.value?.commit ?? scriptsCommit.value)}</code></span>{source.value && <Copy text={source.value.source} label="Copy the source" />}</div>
    {failed.value ? <Trouble text={failed.value}><Button onClick={() => { round.value++; }}>Try again</Button></Trouble> : source.value ? <Source text={source.value.source} /> : <Skeleton rows={12} label="Loading the source" />}
  </aside>;
}

export default function ScriptsPage({ id }: { id: string | null }) {
  const text = query.value.get("q") ?? "";
  const list = scripts.value.filter(s => matches(s, text));
  const chosen = scripts.value.find(s => s.id === id);
  return <main id="page" class={id ? "with-side" : ""}>
    <div class="title"><h1 tabIndex={-1}>Scripts</h1><p class="num">{scriptsReady.value && <>{many(scripts.value.length, "script")}{scriptsCommit.value && <> at <code>{short(scriptsCommit.value)}</code></>}</>}<AsOf /></p></div>
    <div class="beside scripts">
      <section class="panel table-panel" aria-label="Catalogue">
        <div class="tools"><div class="searchbox"><Icon name="search" /><input type="search" aria-label="Search scripts" placeholder="Search name, description, tag:" value={text} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })} /></div></div>
        {!scriptsReady.value ? <Awaited label="Loading the scripts" />
          : !scripts.value.length ? <Empty title="The catalogue is empty" action={<><pre class="sample" tabIndex={0} role="region" aria-label="A sample of scripts.yaml">{SAMPLE}</pre><Copy text={SAMPLE} label="Copy the sample" /><Button icon="sync" why={closed("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button></>}>Scripts are bash files described in scripts.yaml of the Git repository. Add one, push, and sync:</Empty>
          : !list.length ? <Empty title="No script matches" action={<Button onClick={() => adjust({ q: null })}>Clear the search</Button>} />
          : <ul class="rows scroll">{list.map(s => <li key={s.id}><a href={`/scripts/${encodeURIComponent(s.id)}${text ? `?q=${encodeURIComponent(text)}` : ""}`} aria-current={s.id === id ? "true" : undefined}>
            <Icon name="scripts" /><span class="grow"><strong>{s.name}</strong><small title={s.description}>{s.description}</small></span>
            <span class="tags">{s.tags.map(t => <span class="tag" key={t}>{t}</span>)}</span><span class="dim num takes">{s.estimate_ms === null ? "" : duration(s.estimate_ms)}</span></a></li>)}</ul>}
      </section>
      {chosen ? <Detail key={chosen.id} script={chosen} /> : id && scriptsReady.value ? <aside class="panel side"><Empty title="There is no such script" action={<a class="button" href="/scripts">All scripts</a>}>The catalogue has no {id} at this commit.</Empty></aside> : null}
    </div>
  </main>;
}
