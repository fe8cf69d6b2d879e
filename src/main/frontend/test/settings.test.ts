import { expect, test } from "vitest";
import { folded, holds, span } from "../src/settings/audit";
import { located } from "../src/settings/located";
import { admits, allowed, entries, scopeOf } from "../src/settings/scope";
import type { AuditRow } from "../src/types/settings";

const web = { id: "vm-1", type: "VM", tags: ["web", "prod"] }, db = { id: "vm-9", type: "VPS", tags: ["db"] };

test("a scope admits what one entry means and none takes out", () => {
  expect(admits(null, web)).toBe(true);
  expect(admits({ targets: [], scripts: ["x"] }, web)).toBe(true);
  expect(admits({ targets: ["tag:web"], scripts: [] }, web)).toBe(true);
  expect(admits({ targets: ["tag:web"], scripts: [] }, db)).toBe(false);
  expect(admits({ targets: ["vm-*", "!vm-9"], scripts: [] }, db)).toBe(false);
  expect(admits({ targets: ["!tag:db"], scripts: [] }, web)).toBe(true);
  expect(admits({ targets: ["type:V?S"], scripts: [] }, db)).toBe(true);
  expect(admits({ targets: ["vm.1"], scripts: [] }, web)).toBe(false);
});

test("what a scope lets somebody do is a sentence", () => {
  expect(allowed("viewer", null)).toBe("Sees every link; runs nothing.");
  expect(allowed("operator", { targets: ["tag:web", "!vm-9"], scripts: ["report_*"] })).toBe("Runs report_* on tag:web, but not vm-9. No terminals.");
  expect(allowed("operator", { targets: ["a", "b", "c"], scripts: [] })).toBe("Runs every script on a, b and c. Terminals there too.");
});

test("lists are read with spaces, commas and line ends, each entry once", () => {
  expect(entries(" tag:web, vm-*\nvm-*  ")).toEqual(["tag:web", "vm-*"]);
  expect(scopeOf(" ", "")).toBeNull();
});

const row = (sequence: number, result: string, request: string, action = "users.create"): AuditRow =>
  ({ sequence, at: "2030-01-01T12:00:00Z", user: "alice", token_id: "", auth: "session", address: "192.0.2.1", action, kind: "users", resource: "bob<b>", details: { role: "viewer" }, result, request_id: request, seal: "" });

test("that a change begins is folded into its result, and nothing else is", () => {
  const rows = [row(5, "begun", "r3"), row(4, "success", "r2", "other"), row(3, "begun", "r2"), row(2, "success", "r1"), row(1, "begun", "r1")];
  const { rows: left, begun } = folded(rows);
  expect(left.map(r => r.sequence)).toEqual([5, 4, 3, 2]);
  expect([...begun]).toEqual([[2, 1]]);
});

test("rows are searched in all they say", () => {
  expect(holds(row(1, "success", "r"), "ALICE bob<b> viewer")).toBe(true);
  expect(holds(row(1, "success", "r"), "alice carol")).toBe(false);
});

test("a span of time is read from the address, and nonsense is none", () => {
  const now = Date.parse("2030-01-02T00:00:00Z");
  expect(span("24h", now)).toEqual({ from: "2030-01-01T00:00:00.000Z" });
  expect(span("2030-01-01T00:00Z..2030-01-01T06:00Z", now)).toEqual({ from: "2030-01-01T00:00:00.000Z", to: "2030-01-01T06:00:00.000Z" });
  expect(span("2030-01-01T00:00Z..", now)).toEqual({ from: "2030-01-01T00:00:00.000Z" });
  expect(span("<b>", now)).toEqual({});
  expect(span(null, now)).toEqual({});
});

test("places in files stand out of an error's text", () => {
  expect(located("links.yaml:12: links.vm-1.host is missing").filter(p => p.place).map(p => p.text)).toEqual(["links.yaml:12"]);
  expect(located("scripts.yaml, line 4: <b>no</b>").map(p => p.text).join("")).toBe("scripts.yaml, line 4: <b>no</b>");
});
