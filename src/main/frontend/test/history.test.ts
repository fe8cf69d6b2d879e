import { expect, test } from "vitest";
import { belongs, byTable, gather, listUrl, tableQuery, type Asked, type Found } from "../src/history";
import type { Summary } from "../src/types/operations";

const asked = (over: Partial<Asked> = {}): Asked => ({ status: null, kind: null, user: null, script: null, target: null, from: null, to: null, sort: "queued_at", down: true, ...over });
const row = (id: string) => ({ id }) as Summary;

test("the newest first come from the list, other orders from the table, targets only from the list", () => {
  expect(byTable(asked())).toBe(false);
  expect(byTable(asked({ sort: "duration_ms" }))).toBe(true);
  expect(byTable(asked({ down: false }))).toBe(true);
  expect(byTable(asked({ sort: "duration_ms", target: "vm-1" }))).toBe(false);
});

test("every filter goes into the question, and nothing can break out of the address", () => {
  expect(listUrl(asked({ status: "failed", user: "a&b=c" }), 50, "x y")).toBe("/api/operations?limit=50&status=failed&user=a%26b%3Dc&before=x+y");
  expect(tableQuery(asked({ script: "update", from: "2030-01-01T00:00:00Z", sort: "duration_ms", down: true }), 20, "c")).toEqual({
    table: "tbl_operations_history", filters: [{ col: "scripts", op: "contains", val: "update" }, { col: "queued_at", op: "gte", val: "2030-01-01T00:00:00Z" }],
    sort: [{ col: "duration_ms", dir: "desc" }], page: { size: 20, cursor: "c" } });
});

test("empty pages lead on to the next ones, and can be stopped", async () => {
  const pages: Record<string, Found> = { "": { rows: [], next: "1" }, "1": { rows: [], next: "2" }, "2": { rows: [row("a")], next: "3" }, "3": { rows: [row("b")], next: null } };
  const page = (cursor: string | null) => Promise.resolve(pages[cursor ?? ""]!);
  const seen: number[] = [];
  expect(await gather(page, null, 2, n => { seen.push(n); return true; })).toEqual({ rows: [row("a"), row("b")], next: null });
  expect(seen).toEqual([1, 2, 3]);
  expect(await gather(page, null, 2, n => n < 2)).toEqual({ rows: [], next: "2" });
  expect(await gather(page, "2", 1, () => true)).toEqual({ rows: [row("a")], next: "3" });
});

test("an operation that was heard of belongs only where it matches every filter", () => {
  const o = { status: "failed", kind: "script", started_by: "alice", scripts: ["update"], queued_at: "2030-01-02T00:00:00Z" } as Summary;
  expect(belongs(o, asked({ status: "failed", script: "update", user: "alice", from: "2030-01-01T00:00:00Z" }))).toBe(true);
  expect(belongs(o, asked({ status: "success" }))).toBe(false);
  expect(belongs(o, asked({ from: "2030-01-03T00:00:00Z" }))).toBe(false);
  expect(belongs(o, asked({ target: "vm-1" }))).toBe(false);
});
