import type { OperationKind, OperationStatus, Summary } from "./types/operations";

/** What the history is asked for; null or "" asks for all. */
export interface Asked { status: string | null; kind: string | null; user: string | null; script: string | null; target: string | null; from: string | null; to: string | null; sort: string; down: boolean }
export interface Found { rows: Summary[]; next: string | null }

/** A row of tbl_operations_history. */
interface Row { id: string; kind: OperationKind; status: OperationStatus; scripts: string[]; selectors: string[]; targets: number; concurrency: number; git_commit: string | null; started_by: string; queued_at: string; started_at: string | null; ended_at: string | null; duration_ms: number | null; counts: Summary["counts"]; reason: string | null }

export const NEWEST = "queued_at";
/** A target is looked for in the executions, which only the plain list does; it comes newest first. */
export const byTable = (a: Asked) => !a.target && (a.sort !== NEWEST || !a.down);

/** The address of a page of the plain list. */
export function listUrl(a: Asked, size: number, cursor: string | null): string {
  const q = new URLSearchParams({ limit: String(size) });
  for (const key of ["status", "kind", "user", "script", "target", "from", "to"] as const) if (a[key]) q.set(key, a[key]);
  if (cursor) q.set("before", cursor);
  return `/api/operations?${q}`;
}

/** The question for a page in another order. */
export function tableQuery(a: Asked, size: number, cursor: string | null): object {
  const filters: object[] = [];
  const add = (col: string, op: string, val: string | null) => { if (val) filters.push({ col, op, val }); };
  add("status", "eq", a.status);
  add("kind", "eq", a.kind);
  add("started_by", "eq", a.user);
  add("scripts", "contains", a.script);
  add("queued_at", "gte", a.from);
  add("queued_at", "lt", a.to);
  return { table: "tbl_operations_history", filters, sort: [{ col: a.sort, dir: a.down ? "desc" : "asc" }], page: { size, ...cursor ? { cursor } : {} } };
}

export const summary = (r: Row): Summary => ({
  id: r.id, kind: r.kind, status: r.status, scripts: r.scripts, selectors: r.selectors, targets: r.targets, concurrency: r.concurrency, commit: r.git_commit, started_by: r.started_by,
  queued_at: r.queued_at, started_at: r.started_at, ended_at: r.ended_at, duration_ms: r.duration_ms, counts: r.counts, reason: r.reason, batch: null, pause: null, retry_of: null,
});

/** Whether an operation that the browser heard of by itself belongs to what was asked for. Targets it cannot know. */
export const belongs = (o: Summary, a: Asked) => !a.target && (!a.status || o.status === a.status) && (!a.kind || o.kind === a.kind) && (!a.user || o.started_by === a.user)
  && (!a.script || o.scripts.includes(a.script)) && (!a.from || Date.parse(o.queued_at) >= Date.parse(a.from)) && (!a.to || Date.parse(o.queued_at) < Date.parse(a.to));

/**
 * Pages until there are `wanted` rows or no more: a page may be empty and not be the last. Tells after each how many
 * pages were looked through.
 */
export async function gather(page: (cursor: string | null) => Promise<Found>, cursor: string | null, wanted: number, told: (pages: number, found: Summary[]) => boolean): Promise<Found> {
  const rows: Summary[] = [];
  let next = cursor;
  for (let pages = 1; ; pages++) {
    const found = await page(next);
    rows.push(...found.rows);
    next = found.next;
    if (!next || rows.length >= wanted || !told(pages, rows)) return { rows, next };
  }
}
