import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, sentence } from "../api";
import { active, connection, newest, operations, patchOperations } from "../live/fleet";
import { adjust, navigate, query } from "../router";
import { newRun } from "../run";
import { denied } from "../session";
import type { OperationStatus, Summary } from "../types";
import { isOver } from "../types";
import { Ago, Button, Empty, many, Skeleton, StatusMark, Took, Trouble, wording } from "../ui/basic";
import { doneOf, Progress, totalOf } from "../ui/progress";
import { DataTable, type Column } from "../ui/table";
import { what } from "./overview";

const Bar = ({ o }: { o: Summary }) => <span class="bar-cell"><Progress small counts={o.counts} label={`${what(o)}: finished`} /><span class="num">{doneOf(o.counts)}/{totalOf(o.counts)}</span></span>;

const columns: Column<Summary>[] = [
  { key: "status", title: "Status", width: "116px", cell: o => <StatusMark state={o.status} /> },
  { key: "what", title: "What", width: "minmax(160px,1.4fr)", cell: o => <a class="name" href={`/operations/${o.id}`} tabIndex={-1} title={what(o)}>{what(o)}</a> },
  { key: "on", title: "On", width: "minmax(120px,1fr)", from: 880, cell: o => <span class="dim" title={o.selectors.join(", ")}>{o.selectors.slice(0, 4).join(", ")}{o.selectors.length > 4 && ` and ${o.selectors.length - 4} more`}</span> },
  { key: "progress", title: "Finished", width: "140px", cell: o => <Bar o={o} /> },
  { key: "took", title: "Took", width: "92px", right: true, cell: o => <Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /> },
  { key: "at", title: "Queued", width: "96px", right: true, cell: o => <Ago at={o.queued_at} /> },
  { key: "by", title: "By", width: "96px", from: 760, cell: o => o.started_by },
  { key: "reason", title: "Reason", width: "minmax(120px,1.2fr)", from: 1000, cell: o => <span class="dim" title={o.reason ?? ""}>{o.reason}</span> },
];
const narrowRow = (o: Summary) => <div class="two">
  <div><StatusMark state={o.status} bare /><a class="name" href={`/operations/${o.id}`} tabIndex={-1}>{what(o)}</a><span class="end"><Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /></span></div>
  <div class="dim"><Bar o={o} /><span class="end">{o.started_by} · <Ago at={o.queued_at} /></span></div>
</div>;

const PAGE = 50;
const outcomes: OperationStatus[] = ["success", "partial", "failed", "stopped", "interrupted"];

export default function OperationsPage() {
  const view = query.value.get("view") === "active" ? "active" : "history";
  const status = outcomes.find(s => s === query.value.get("status")) ?? null;
  const ids = useSignal<readonly string[] | null>(null), next = useSignal<string | null>(null);
  const busy = useSignal(false), failed = useSignal<string | null>(null);

  const fetchPage = async (before: string | null, left?: AbortSignal) => {
    busy.value = true;
    failed.value = null;
    try {
      const page = await api<{ operations: Summary[]; next: string | null }>(`/api/operations?limit=${PAGE}${status ? `&status=${status}` : ""}${before ? `&before=${encodeURIComponent(before)}` : ""}`, left ? { signal: left } : {});
      patchOperations(page.operations);
      older.current = new Map([...(before ? older.current : []), ...page.operations.map(o => [o.id, o] as const)]);
      ids.value = [...new Set([...(before ? ids.peek() ?? [] : []), ...page.operations.map(o => o.id)])];
      next.value = page.next;
    } catch (cause) {
      if (!left?.aborted) failed.value = sentence(cause);
    }
    busy.value = false;
  };
  const older = useSignal({ current: new Map<string, Summary>() }).peek();
  useEffect(() => {
    const left = new AbortController();
    ids.value = null;
    if (view === "history") void fetchPage(null, left.signal);
    return () => left.abort();
  }, [view, status, connection.value === "live"]);

  let rows: Summary[];
  if (view === "active") rows = active.value;
  else {
    const known = operations.value, oldest = ids.value?.at(-1);
    const floor = next.value && oldest ? older.current.get(oldest)?.queued_at ?? "" : "";
    const all = new Map((ids.value ?? []).map(id => [id, known.get(id) ?? older.current.get(id)!]));
    for (const o of known.values()) if (o.queued_at >= floor) all.set(o.id, o);
    rows = [...all.values()].filter(o => isOver(o.status) && (!status || o.status === status)).sort(newest);
  }
  const waiting = view === "history" && ids.value === null && !failed.value;
  return <main id="page">
    <div class="title"><h1 tabIndex={-1}>Operations</h1><p class="num">{active.value.length ? `${active.value.length} running` : "nothing runs"}</p>
      <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun()}>New run</Button></div>
    <section class="panel table-panel" aria-label="Operations">
      <div class="tools">
        <div class="tabs" role="group" aria-label="Which operations">
          <button type="button" aria-pressed={view === "active"} onClick={() => adjust({ view: "active", status: null })}>Active <b class="num">{active.value.length}</b></button>
          <button type="button" aria-pressed={view === "history"} onClick={() => adjust({ view: null })}>History</button>
        </div>
        {view === "history" && <label class="choice"><span>Outcome</span><select value={status ?? ""} onChange={event => adjust({ status: (event.target as HTMLSelectElement).value })}><option value="">All</option>{outcomes.map(s => <option key={s} value={s}>{wording(s)}</option>)}</select></label>}
      </div>
      {failed.value && <Trouble text={failed.value}><Button onClick={() => void fetchPage(null)}>Try again</Button></Trouble>}
      {waiting ? <Skeleton rows={12} label="Loading operations" /> : rows.length ? <DataTable label="Operations" rows={rows} columns={columns} id={o => o.id} narrow={narrowRow} onOpen={o => navigate(`/operations/${encodeURIComponent(o.id)}`)} />
        : !failed.value && <Empty title={view === "active" ? "Nothing runs at the moment" : status ? `No operation ended as “${wording(status).toLowerCase()}”` : "Nothing has run yet"}>{view === "active" ? "What is started shows up here by itself." : "Every run is kept here with its output."}</Empty>}
      {view === "history" && !waiting && rows.length > 0 && <footer class="table-foot"><span class="dim num">{many(rows.length, "operation")}{next.value ? " shown" : ""}</span>
        <Button icon="down" busy={busy.value} why={next.value ? null : "These are all there are."} onClick={() => void fetchPage(next.peek())}>Older</Button></footer>}
    </section>
  </main>;
}
