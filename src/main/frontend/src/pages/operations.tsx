import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api, sentence } from "../api";
import { belongs, byTable, gather, listUrl, NEWEST, summary, tableQuery, type Asked, type Found } from "../history";
import { AsOf, Awaited } from "../live/waiting";
import { active, connection, newest, operations, operationsReady, patchOperations, scripts } from "../live/fleet";
import { adjust, navigate, query } from "../router";
import { newRun } from "../run";
import { denied } from "../session";
import "../style/operations.css";
import type { OperationStatus, Summary } from "../types";
import { isOver } from "../types";
import { Ago, Button, count, Empty, many, Skeleton, StatusMark, Took, Trouble, wording } from "../ui/basic";
import { lazy } from "../ui/lazy";
import { doneOf, Progress, totalOf } from "../ui/progress";
import { DataTable, type Column, type Order } from "../ui/table";
import { what } from "../types";

const Schedules = lazy<{ tabs: ComponentChildren }>(() => import("./schedules"), true);

const Bar = ({ o }: { o: Summary }) => <span class="bar-cell"><Progress small counts={o.counts} label={`${what(o)}: finished`} /><span class="num">{doneOf(o.counts)}/{totalOf(o.counts)}</span></span>;
const state = (o: Summary) => o.pause && !isOver(o.status) ? "paused" : o.status;

const columns: Column<Summary>[] = [
  { key: "status", title: "Status", width: "116px", sorts: true, cell: o => <StatusMark state={state(o)} /> },
  { key: "what", title: "What", width: "minmax(160px,1.4fr)", cell: o => <a class="name apart" href={`/operations/${o.id}`} tabIndex={-1} title={what(o)}>{what(o)}</a> },
  { key: "on", title: "On", width: "minmax(120px,1fr)", from: 880, cell: o => <span class="dim apart" title={o.selectors.join(", ")}>{o.selectors.slice(0, 4).join(", ")}{o.selectors.length > 4 && ` and ${o.selectors.length - 4} more`}</span> },
  { key: "targets", title: "Finished", width: "140px", sorts: true, cell: o => <Bar o={o} /> },
  { key: "duration_ms", title: "Took", width: "96px", right: true, sorts: true, cell: o => <Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /> },
  { key: NEWEST, title: "Queued", width: "100px", right: true, sorts: true, cell: o => <Ago at={o.queued_at} /> },
  { key: "started_by", title: "By", width: "110px", from: 760, sorts: true, cell: o => <span class="apart" title={o.started_by}>{o.started_by}</span> },
  { key: "reason", title: "Reason", width: "minmax(120px,1.2fr)", from: 1000, cell: o => <span class="dim apart" title={o.reason ?? ""}>{o.pause ? o.pause.reason.replaceAll("_", " ") : o.reason}</span> },
];
const plainColumns = columns.map(c => ({ ...c, sorts: false }));
const narrowRow = (o: Summary) => <div class="two">
  <div><StatusMark state={state(o)} bare /><a class="name apart" href={`/operations/${o.id}`} tabIndex={-1}>{what(o)}</a><span class="end"><Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /></span></div>
  <div class="dim"><Bar o={o} /><span class="end">{o.started_by} · <Ago at={o.queued_at} /></span></div>
</div>;

const PAGE = 50;
const outcomes: OperationStatus[] = ["success", "partial", "failed", "stopped", "interrupted"];
const kinds: [string, string][] = [["script", "Scripts"], ["verify", "Verifications"], ["preflight", "Preflights"]];
const spans: [string, string, number][] = [["1h", "Last hour", 3_600_000], ["1d", "Last day", 86_400_000], ["7d", "Last 7 days", 7 * 86_400_000], ["30d", "Last 30 days", 30 * 86_400_000]];

/** What the address asks for. */
function asked(): Asked {
  const q = query.value, one = (key: string) => q.get(key) || null;
  const span = spans.find(([key]) => key === q.get("since"));
  return {
    status: outcomes.find(s => s === q.get("status")) ?? null, kind: kinds.find(([k]) => k === q.get("kind"))?.[0] ?? null, user: one("user"), script: one("script"), target: one("target"),
    // In whole minutes, so that the same question is the same question.
    from: span ? new Date(Math.floor((Date.now() - span[2]) / 60_000) * 60_000).toISOString() : null, to: null,
    sort: columns.some(c => c.sorts && c.key === q.get("sort")) && !one("target") ? q.get("sort")! : NEWEST, down: q.get("sort") && !one("target") ? q.get("dir") === "desc" : true,
  };
}

async function fetchPage(a: Asked, cursor: string | null, left: AbortSignal): Promise<Found> {
  if (byTable(a)) {
    const page = await api<{ rows: Parameters<typeof summary>[0][]; page: { next_cursor: string | null } }>("/api/tables/query", { method: "POST", body: tableQuery(a, PAGE, cursor), signal: left });
    return { rows: page.rows.map(summary), next: page.page.next_cursor };
  }
  const page = await api<{ operations: Summary[]; next: string | null }>(listUrl(a, PAGE, cursor), { signal: left });
  patchOperations(page.operations);
  return { rows: page.operations.filter(o => isOver(o.status)), next: page.next };
}

/** A text field that asks when one has finished typing. */
function Word({ label, name, list }: { label: string; name: string; list?: readonly string[] }) {
  const timer = useRef(0);
  return <><input type="text" aria-label={label} placeholder={label} value={query.value.get(name) ?? ""} spellcheck={false} autocapitalize="none" autocomplete="off" list={list ? `list-${name}` : undefined}
    onInput={event => { const value = (event.target as HTMLInputElement).value.trim(); clearTimeout(timer.current); timer.current = window.setTimeout(() => adjust({ [name]: value }), 300); }} />
    {list && <datalist id={`list-${name}`}>{list.map(v => <option key={v} value={v} />)}</datalist>}</>;
}

const Choice = ({ label, name, all, options }: { label: string; name: string; all: string; options: (readonly [string, string])[] }) =>
  <select aria-label={label} value={query.value.get(name) ?? ""} onChange={event => adjust({ [name]: (event.target as HTMLSelectElement).value })}><option value="">{all}</option>{options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}</select>;

const filterNames = ["status", "kind", "script", "target", "user", "since"];
const filtered = () => filterNames.some(name => query.value.get(name));

function Filters() {
  return <div class="filters" role="group" aria-label="Filters">
    <Choice label="Outcome" name="status" all="Any outcome" options={outcomes.map(s => [s, wording(s)])} />
    <Choice label="Kind" name="kind" all="Any kind" options={kinds} />
    <Choice label="Time" name="since" all="Any time" options={spans.map(([key, text]) => [key, text])} />
    <Word label="Script" name="script" list={scripts.value.map(s => s.id)} /><Word label="Target" name="target" /><Word label="Started by" name="user" />
    {filtered() && <Button kind="ghost" icon="close" onClick={() => adjust(Object.fromEntries(filterNames.map(name => [name, null])))}>Clear</Button>}
  </div>;
}

function History() {
  const a = useMemo(asked, [query.value]), key = JSON.stringify(a);
  const rows = useSignal<readonly Summary[] | null>(null), next = useSignal<string | null>(null);
  const busy = useSignal(false), pages = useSignal(0), failed = useSignal<string | null>(null), stopped = useSignal(false), seeking = useSignal<readonly Summary[]>([]);
  const controller = useRef<AbortController | null>(null);
  const load = async (cursor: string | null) => {
    controller.current?.abort();
    const left = controller.current = new AbortController();
    busy.value = true;
    failed.value = null;
    stopped.value = false;
    pages.value = 0;
    seeking.value = [];
    const kept = cursor ? rows.peek() ?? [] : [];
    try {
      const found = await gather(at => fetchPage(a, at, left.signal), cursor, PAGE, (n, some) => { pages.value = n; seeking.value = some.slice(); return !left.signal.aborted && !stopped.peek(); });
      if (left.signal.aborted) return;
      rows.value = [...kept, ...found.rows];
      next.value = found.next;
    } catch (cause) {
      if (!left.signal.aborted) failed.value = sentence(cause);
    }
    if (!left.signal.aborted) busy.value = false;
  };
  useEffect(() => { rows.value = null; void load(null); return () => controller.current?.abort(); }, [key]);
  // What was missed while the connection was gone.
  const live = connection.value === "live", was = useRef(live);
  useEffect(() => { if (live && !was.current && rows.peek()) void load(null); was.current = live; }, [live]);

  let list: Summary[] = [...rows.value ?? seeking.value];
  if (rows.value && a.sort === NEWEST && a.down) {
    // Those that ended since, in their places.
    const known = operations.value, oldest = next.value ? list.at(-1)?.queued_at ?? "" : "";
    const all = new Map(list.map(o => [o.id, known.get(o.id) ?? o]));
    for (const o of known.values()) if (isOver(o.status) && o.queued_at >= oldest && belongs(o, a)) all.set(o.id, o);
    list = [...all.values()].sort(newest);
  }
  const order: Order = { key: a.sort, down: a.down };
  const waiting = rows.value === null && !failed.value;
  return <>
    {failed.value && <Trouble text={failed.value}><Button onClick={() => void load(null)}>Try again</Button></Trouble>}
    {waiting && !list.length ? pages.value > 1 ? <Empty title="Still looking" action={<Button icon="stop" onClick={() => { stopped.value = true; }}>Stop looking</Button>}><span class="num">{count(pages.value)} pages</span> of the history had nothing of what you ask for; older ones are looked through by themselves.</Empty> : <Skeleton rows={12} label="Loading operations" />
      : list.length ? <DataTable label="Operations" rows={list} columns={a.target ? plainColumns : columns} id={o => o.id} narrow={narrowRow} order={order} onOrder={o => adjust(o || query.peek().get("sort") ? { sort: o?.key ?? null, dir: o?.down ? "desc" : null } : { sort: NEWEST })} onOpen={o => navigate(`/operations/${encodeURIComponent(o.id)}`)} />
      : !failed.value && <Empty title={next.value ? "Nothing found so far" : filtered() ? "No operation matches the filter" : "Nothing has run yet"} action={next.value ? <Button icon="down" onClick={() => void load(next.peek())}>Look further back</Button> : filtered() ? <Button onClick={() => adjust(Object.fromEntries(filterNames.map(name => [name, null])))}>Clear the filter</Button> : <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button>}>
        {next.value ? "You stopped looking; there is more history." : filtered() ? "The whole history was looked through." : "Every run is kept here with its output."}</Empty>}
    {list.length > 0 && <footer class="table-foot"><span class="dim num">{many(list.length, "operation")}{next.value || waiting ? " shown" : ""}</span>
      {busy.value && pages.value > 0 ? <span class="seeking"><span class="num" role="status">Looking through the history: page {count(pages.value)}</span><Button icon="stop" onClick={() => { stopped.value = true; }}>Stop looking</Button></span>
        : <Button icon="down" busy={busy.value} why={next.value ? null : "These are all there are."} onClick={() => void load(next.peek())}>More</Button>}</footer>}
  </>;
}

function Active() {
  const rows = active.value;
  return rows.length ? <DataTable label="Operations" rows={rows} columns={plainColumns} id={o => o.id} narrow={narrowRow} onOpen={o => navigate(`/operations/${encodeURIComponent(o.id)}`)} />
    : !operationsReady.value ? <Awaited rows={8} label="Loading operations" /> : <Empty title="Nothing runs at the moment" action={<Button icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button>}>What is started shows up here by itself.</Empty>;
}

const viewNames: [string, string][] = [["active", "Active"], ["history", "History"], ["scheduled", "Scheduled"]];

export default function OperationsPage() {
  const view = viewNames.find(([v]) => v === query.value.get("view"))?.[0] ?? "history";
  const show = (to: string) => { const keep = to === "history" ? "" : `?view=${to}`; navigate(`/operations${keep}`); };
  const tabs = <div class="tabs" role="group" aria-label="Which operations">{viewNames.map(([v, name]) =>
    <button key={v} type="button" aria-pressed={view === v} onClick={() => { if (view !== v) show(v); }}>{name}{v === "active" && <> <b class="num">{active.value.length}</b></>}</button>)}</div>;
  return <main id="page" class={view === "scheduled" && query.value.get("schedule") ? "with-side" : ""}>
    <div class="title"><h1 tabIndex={-1}>Operations</h1><p class="num">{active.value.length ? `${active.value.length} running` : operationsReady.value && "nothing runs"}<AsOf /></p>
      {view === "scheduled" ? <Button kind="primary" icon="plus" why={denied("operator", "Making schedules")} onClick={() => adjust({ edit: "new" })}>New schedule</Button>
        : <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button>}</div>
    {view === "scheduled" ? <Schedules tabs={tabs} /> : <section class="panel table-panel" aria-label="Operations">
      <div class="tools">{tabs}{view === "history" && <Filters />}</div>
      {view === "active" ? <Active /> : <History />}
    </section>}
  </main>;
}
