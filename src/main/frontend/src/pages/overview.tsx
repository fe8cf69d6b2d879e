import { useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { active, git, links, linksReady, newest, operations, syncing, troubled } from "../live/fleet";
import { newRun } from "../run";
import { denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import type { Link, Summary } from "../types";
import { isOver } from "../types";
import { Ago, Button, Code, count, duration, Empty, Fact, Facts, Glyph, many, Panel, short, Skeleton, StatusMark, Took, Trouble, type Tone } from "../ui/basic";
import { doneOf, Progress } from "../ui/progress";

interface Problem { key: string; tone: Tone; title: string; text: string; to: string; weight: number; at?: string | null }
const SHOWN = 12;
const DAY = 86_400_000;

const named = (list: Link[]) => list.length <= 3 ? list.map(l => l.id).join(", ") : `${list.slice(0, 3).map(l => l.id).join(", ")} and ${count(list.length - 3)} more`;

export const what = (o: Summary) => o.kind === "verify" ? "Verify" : o.kind === "preflight" ? `Preflight: ${o.scripts.join(", ")}` : o.scripts.join(", ");

/** What needs a person, worst first; the same trouble on many machines is one line. */
function problems(all: readonly Link[], ops: readonly Summary[], sync: ReturnType<typeof git.peek>): Problem[] {
  const out: Problem[] = [];
  const last = sync?.last_sync;
  if (last && !last.success) out.push({ key: "git", tone: "bad", weight: 100, title: "The last Git sync failed", text: last.error ?? last.error_code ?? "", to: "/#git", at: last.ended_at });
  const groups = new Map<string, Link[]>();
  for (const link of all) {
    const reason = link.enrollment.status === "refused" ? link.enrollment.reason ?? "refused" : link.health.status === "offline" ? "offline" : null;
    if (reason) groups.set(reason, [...groups.get(reason) ?? [], link]);
  }
  const words: Record<string, [string, number, Tone]> = {
    host_key_changed: ["Host key changed", 90, "bad"], client_id_mismatch: ["Another client id than expected", 80, "bad"],
    offline: ["Offline", 70, "bad"], unreachable: ["Unreachable", 70, "bad"], host_key_unknown: ["Host key to be confirmed", 60, "warn"],
    client_id_missing: ["No client id on the machine", 55, "warn"], client_id_denied: ["Client id may not be read", 55, "warn"], login_refused: ["SSH key not accepted", 65, "bad"], unresolved: ["Host name does not resolve", 65, "bad"],
  };
  for (const [reason, list] of groups) {
    const [title, weight, tone] = words[reason] ?? [reason.replaceAll("_", " "), 50, "warn" as Tone];
    const one = list.length === 1;
    out.push({ key: reason, tone, weight: weight + Math.min(9, list.length / 10), title: `${title}: ${one ? list[0]!.id : many(list.length, "link")}`,
      text: one ? list[0]!.enrollment.error ?? `Last seen ${list[0]!.health.last_seen ?? "never"}` : named(list),
      to: one ? `/links/${encodeURIComponent(list[0]!.id)}` : `/links?q=${encodeURIComponent(reason === "offline" ? "status:offline -enrollment:refused" : `reason:${reason}`)}` });
  }
  for (const o of ops.filter(o => isOver(o.status) && o.status !== "success" && o.status !== "stopped" && Date.now() - Date.parse(o.queued_at) < DAY).sort(newest).slice(0, 5)) {
    out.push({ key: o.id, tone: o.status === "failed" ? "bad" : "warn", weight: 40, title: `${what(o)} ${o.status === "partial" ? "failed on some links" : o.status}`, text: o.reason ?? "", to: `/operations/${o.id}`, at: o.ended_at });
  }
  return out.sort((a, b) => b.weight - a.weight);
}

function Attention() {
  const found = useComputed(() => problems(links.value, [...operations.value.values()], git.value));
  const list = found.value;
  return <Panel title={list.length ? "Needs attention" : "Nothing needs attention"} aside={list.length > 0 && <span class="tally num">{list.length}</span>}>
    {list.length === 0 && <p class="calm"><Glyph tone="ok" />{links.value.length ? `All ${many(links.value.length, "link")} that were looked at are as they should be.` : "The inventory is empty."}</p>}
    <ul class="rows">{list.slice(0, SHOWN).map(p => <li key={p.key}><a href={p.to}><Glyph tone={p.tone} label={p.tone === "bad" ? "Problem" : "Warning"} /><span class="grow"><strong>{p.title}</strong><small title={p.text}>{p.text}</small></span>{p.at && <span class="dim"><Ago at={p.at} /></span>}</a></li>)}</ul>
    {list.length > SHOWN && <p class="calm dim">and {list.length - SHOWN} more</p>}
  </Panel>;
}

export const OperationRow = ({ o }: { o: Summary }) => <a href={`/operations/${o.id}`}>
  <StatusMark state={o.status} /><span class="grow"><strong>{what(o)}</strong><small>{many(o.targets, "link")} · {o.started_by} · <Ago at={o.queued_at} /></small></span>
  <span class="mini"><Progress small counts={o.counts} label={`${what(o)}: finished`} /><small class="num">{doneOf(o.counts)}/{Object.values(o.counts).reduce((a, b) => a + b, 0)} · <Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /></small></span></a>;

function Runs() {
  const running = active.value;
  const recent = useComputed(() => [...operations.value.values()].filter(o => isOver(o.status)).sort(newest).slice(0, 8));
  return <Panel title={running.length ? "Running now" : "Recent operations"} aside={<a class="end" href="/operations">All operations</a>}>
    {!running.length && !recent.value.length && <Empty title="Nothing has run yet">Choose links and a script; every run is kept here with its output.</Empty>}
    <ul class="rows">{running.map(o => <li key={o.id}><OperationRow o={o} /></li>)}</ul>
    {running.length > 0 && recent.value.length > 0 && <h3 class="between">Recent</h3>}
    <ul class="rows">{recent.value.map(o => <li key={o.id}><OperationRow o={o} /></li>)}</ul>
  </Panel>;
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
  return <Panel title="Fleet" aside={<a class="end" href="/links">All links</a>}>
    <table class="matrix"><thead><tr><td /><th scope="col">All</th><th scope="col"><span><Glyph tone="ok" />Online</span></th><th scope="col"><span><Glyph tone="bad" />Offline</span></th><th scope="col"><span><Glyph tone="unknown" />Unknown</span></th><th scope="col">Enrolled</th></tr></thead>
      <tbody>{types.value.map(t => line(t, l => l.type === t, /\s/.test(t) ? `type:"${t}"` : `type:${t}`))}{line("All", () => true, "")}</tbody></table>
  </Panel>;
}

function Git() {
  const status = git.value;
  const last = status?.last_sync;
  const diff = last?.diff;
  return <Panel title="Git" id="git" aside={<Button class="end" icon="sync" busy={syncing.value || !!status?.syncing} why={status && !status.url ? "No repository is configured (git.repository_url)." : denied("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>}>
    {!status ? <Skeleton rows={3} label="Loading" /> : <div class="pad">
      {last && !last.success && <Trouble text={last.error ?? "The last sync failed."}><p>The inventory of commit {short(status.commit)} stays in force.</p></Trouble>}
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

export function Overview() {
  return <main id="page" class="scrolls">
    <div class="title"><h1 tabIndex={-1}>Overview</h1><p>{linksReady.value && many(links.value.length, "link")}</p>
      <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button></div>
    {!linksReady.value ? troubled.value ? <Trouble text={troubled.value} /> : <Skeleton rows={10} label="Loading the fleet" /> :
      <div class="columns"><div><Attention /><Runs /></div><div><Fleet /><Git /></div></div>}
  </main>;
}
