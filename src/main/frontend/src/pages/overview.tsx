import { computed, useComputed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { api, sentence } from "../api";
import { term } from "../filter";
import { begin, begun, Checklist, finished, putAway, ready, usePasswordChanged, wanted } from "../links/checklist";
import { problems } from "../links/problems";
import { percentile } from "../links/text";
import { AsOf, Awaited } from "../live/waiting";
import { active, git, links, linksReady, operations, operationsReady, syncing } from "../live/fleet";
import { newRun } from "../run";
import { closed, denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import "../style/fleet.css";
import type { Link, Summary } from "../types";
import { what } from "../types";
import type { GitState, Happening, TablePage } from "../types/fleet";
import { Ago, Button, Code, count, duration, Empty, Fact, Facts, Glyph, Icon, many, now, Panel, short, Skeleton, StatusMark, Took, Trouble, type Tone } from "../ui/basic";
import { doneOf, Progress } from "../ui/progress";

const SHOWN = 12;
const RECENT = 9;

function Attention() {
  const found = useComputed(() => problems(links.value, [...operations.value.values()], git.value as GitState | null, now.peek()));
  const list = found.value;
  const total = list.reduce((n, p) => n + p.count, 0);
  const resting = links.value.filter(l => l.health.status === "offline" && l.health.maintenance).length;
  return <Panel title={list.length ? total === 1 ? "1 needs attention" : `${count(total)} need attention` : "Nothing needs attention"} id="attention">
    {list.length === 0 && <p class="calm"><Glyph tone="ok" />{links.value.length ? `All ${many(links.value.length, "link")} that were looked at are as they should be.` : "The inventory is empty."}</p>}
    <ul class="rows">{list.slice(0, SHOWN).map(p => <li key={p.key}><a href={p.to}><Glyph tone={p.tone} label={p.tone === "bad" ? "Problem" : "Warning"} /><span class="grow"><strong>{p.title}</strong><small title={p.text}>{p.text}</small></span>{p.at && <span class="dim"><Ago at={p.at} /></span>}<Icon name="right" size={14} /></a></li>)}</ul>
    {list.length > SHOWN && <p class="hint">And {many(list.length - SHOWN, "more kind")} of trouble.</p>}
    {resting > 0 && <p class="hint">{many(resting, "offline link")} in maintenance {resting === 1 ? "is" : "are"} not counted. <a href="/links?q=is%3Amaintenance">Show</a></p>}
  </Panel>;
}

export const OperationRow = ({ o }: { o: Summary }) => <a href={`/operations/${o.id}`}>
  <StatusMark state={o.status} /><span class="grow"><strong>{what(o)}</strong><small>{many(o.targets, "link")} · {o.started_by} · <Ago at={o.queued_at} /></small></span>
  <span class="mini"><Progress small counts={o.counts} label={`${what(o)}: finished`} /><small class="num">{doneOf(o.counts)}/{Object.values(o.counts).reduce((a, b) => a + b, 0)} · <Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /></small></span></a>;

function Runs() {
  const running = active.value;
  return <Panel title="Running now" id="running" aside={<><span class="tally num">{running.length}</span><a class="end" href="/operations">All operations</a></>}>
    {running.length ? <ul class="rows">{running.slice(0, SHOWN).map(o => <li key={o.id}><OperationRow o={o} /></li>)}</ul> : operationsReady.value ? <p class="calm dim">Nothing runs at the moment.</p> : <Awaited rows={2} label="Loading what runs" />}
    {running.length > SHOWN && <p class="hint"><a href="/operations?view=active">And {count(running.length - SHOWN)} more</a></p>}
  </Panel>;
}

/** Changes whenever something happened that the table of recent activity would tell. */
const pulse = computed(() => {
  let last = "";
  for (const o of operations.value.values()) { const at = `${o.queued_at}${o.id}${o.ended_at ?? ""}`; if (at > last) last = at; }
  return `${last} ${active.value.length} ${git.value?.last_sync?.id ?? 0}`;
});

function Activity() {
  const rows = useSignal<Happening[] | null>(null), failed = useSignal<string | null>(null), round = useSignal(0);
  useEffect(() => {
    const left = new AbortController();
    const timer = setTimeout(() => {
      api<TablePage<Happening>>("/api/tables/query", { method: "POST", body: { table: "tbl_recent_activity", page: { size: RECENT } }, signal: left.signal })
        .then(page => { rows.value = page.rows; failed.value = null; }, cause => { if (!left.signal.aborted) failed.value = sentence(cause); });
    }, rows.peek() ? 400 : 0);
    return () => { clearTimeout(timer); left.abort(); };
  }, [pulse.value, round.value]);
  return <Panel title="Recent activity" aside={<a class="end" href="/activity">All activity</a>}>
    {failed.value && <Trouble text={failed.value}><Button onClick={() => { round.value++; }}>Try again</Button></Trouble>}
    {rows.value === null ? !failed.value && <Skeleton rows={RECENT} label="Loading recent activity" /> : rows.value.length ? <ul class="rows happenings">{rows.value.map(h => <li key={h.id}>
      <a href={h.activity === "sync" ? "/settings/git" : `/operations/${encodeURIComponent(h.id)}`}><StatusMark state={h.result} /><span class="grow"><strong>{h.activity === "sync" ? h.what ? `Git sync of ${short(h.what)}` : "Git sync" : told(h.what)}</strong></span><span class="dim">{h.who}</span><span class="dim when"><Ago at={h.at} /></span></a></li>)}</ul>
      : <Empty title="Nothing has happened yet">Runs, verifications and syncs show up here.</Empty>}
  </Panel>;
}
/** Scripts come as a list in JSON, a verification as its word. */
function told(what: string): string {
  try { const list: unknown = JSON.parse(what); return Array.isArray(list) ? list.join(", ") : what; } catch { return what.toLowerCase() === "verify" ? "Verify" : what; }
}

const Cell = ({ n, q, tone, children }: { n: number; q: string; tone?: Tone; children?: ComponentChildren }) =>
  <td>{n ? <a class={tone ? `num tone-${tone}` : "num"} href={`/links?q=${encodeURIComponent(q)}`}>{count(n)}{children}</a> : <span class="num dim">0</span>}</td>;

function Fleet() {
  const types = useComputed(() => [...new Set(links.value.map(l => l.type))].sort());
  const of = (test: (l: Link) => boolean) => links.value.reduce((n, l) => n + (test(l) ? 1 : 0), 0);
  const line = (name: string, mine: (l: Link) => boolean, term: string) => <tr key={name}>
    <th scope="row">{name}</th>
    <Cell n={of(mine)} q={term} />
    <Cell n={of(l => mine(l) && l.health.status === "online")} q={`${term} status:online`.trim()} />
    <Cell n={of(l => mine(l) && l.health.status === "offline")} q={`${term} status:offline`.trim()} tone="bad" />
    <Cell n={of(l => mine(l) && l.health.status === "unknown")} q={`${term} status:unknown`.trim()} />
    <Cell n={of(l => mine(l) && l.enrollment.status === "enrolled")} q={`${term} enrollment:enrolled`.trim()} />
  </tr>;
  const times = useComputed(() => links.value.flatMap(l => l.health.latency_ms === null ? [] : [l.health.latency_ms]).sort((a, b) => a - b));
  const slow = links.value.reduce<Link | null>((s, l) => l.health.latency_ms !== null && l.health.latency_ms > (s?.health.latency_ms ?? -1) ? l : s, null);
  const p50 = percentile(times.value, .5), p95 = percentile(times.value, .95);
  return <Panel title="Fleet" aside={<span class="end links"><a href="/links?view=map">Map</a><a href="/links">All links</a></span>}>
    <table class="matrix"><thead><tr><td /><th scope="col">All</th><th scope="col"><span><Glyph tone="ok" />Online</span></th><th scope="col"><span><Glyph tone="bad" />Offline</span></th><th scope="col"><span><Glyph tone="unknown" />Unknown</span></th><th scope="col">Enrolled</th></tr></thead>
      <tbody>{types.value.map(t => line(t, l => l.type === t, term("type", t)))}{line("All", () => true, "")}</tbody></table>
    <dl class="latencies"><div><dt>Latency, median</dt><dd class="num">{p50 === null ? "–" : `${count(p50)} ms`}</dd></div><div><dt>95 % are within</dt><dd class="num">{p95 === null ? "–" : `${count(p95)} ms`}</dd></div>
      <div class="grow"><dt>Slowest</dt><dd>{slow ? <><a href={`/links/${encodeURIComponent(slow.id)}?tab=health`}>{slow.id}</a> <span class="num dim">{count(slow.health.latency_ms!)} ms</span></> : <span class="dim">no link was checked yet</span>}</dd></div></dl>
  </Panel>;
}

function Git() {
  const status = git.value;
  const last = status?.last_sync;
  const diff = last?.diff;
  return <Panel title="Git" id="git" aside={<Button class="end" icon="sync" busy={syncing.value || !!status?.syncing} why={status && !status.url ? "No repository is configured (git.repository_url)." : closed("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>}>
    {!status ? <Awaited rows={3} label="Loading what is known of Git" /> : <div class="pad">
      {last && !last.success && <Trouble text={last.error ?? "The last sync failed."}><p>The inventory of commit {short(status.commit)} stays in force. <a href="/settings/git">Look closer</a></p></Trouble>}
      <Facts>
        <Fact name="Repository">{status.url ? <code class="breaks">{status.url}</code> : <span class="dim">none configured</span>}</Fact>
        <Fact name="Branch"><code>{status.branch}</code></Fact>
        <Fact name="Commit">{status.commit ? <><Code text={short(status.commit)} label="Copy the commit" /><span class="subject">{status.commit_message}</span></> : <span class="dim">none yet</span>}</Fact>
        <Fact name="Last sync">{last ? <><StatusMark state={last.success ? "success" : "failed"} /> <Ago at={last.ended_at} /> <span class="dim">by {last.started_by}, {duration(last.duration_ms)}</span></> : <span class="dim">never</span>}</Fact>
        {diff && <Fact name="Brought">{many(diff.added.length, "link")} added, {count(diff.changed.length)} changed, {count(diff.retired.length)} retired</Fact>}
      </Facts>
      {!!last?.warnings.length && <ul class="warnings">{last.warnings.map(w => <li key={w}><Glyph tone="warn" label="Warning" />{w}</li>)}</ul>}
    </div>}
  </Panel>;
}

export default function Overview() {
  const needed = useSignal(wanted());
  const title = <div class="title"><h1 tabIndex={-1}>Overview</h1><p>{linksReady.value && many(links.value.length, "link")}<AsOf /></p>
    {!needed.value && <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button>}</div>;
  return <main id="page" class="scrolls">
    {title}
    {!linksReady.value ? <Awaited rows={10} label="Loading the fleet" />
      : needed.value ? <FirstSteps onLeave={() => { needed.value = false; }} />
      : <div class="columns"><div><Attention /><Runs /><Activity /></div><div><Fleet /><Git /></div></div>}
  </main>;
}

/** Whoever has finished all steps before never sees them; whoever finishes them is told so once. */
function FirstSteps({ onLeave }: { onLeave: () => void }) {
  const password = usePasswordChanged();
  const shown = useSignal(false);
  const leave = (how: "done" | "dismissed") => { putAway(how); onLeave(); };
  const known = ready(password.value), all = finished(password.value);
  useEffect(() => { if (known && all && !begun()) leave("done"); else if (known) { begin(); shown.value = true; } }, [known, all]);
  return shown.value ? <Checklist password={password} onLeave={leave} /> : <Skeleton rows={10} label="Loading the fleet" />;
}
