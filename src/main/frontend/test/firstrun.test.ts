import { expect, test } from "vitest";
import { firstRun } from "../src/links/firstrun";
import type { Link, Script } from "../src/types";

const script = (id: string, over: Partial<Script> = {}): Script => ({ id, name: id, description: "", path: `scripts/${id}.sh`, timeout_ms: null, flags: [], tags: [], estimate_ms: null, durable: "auto", parameters: [], needs: [], ...over });
const link = (id: string, tags: string[] = [], over: { status?: string; enrollment?: string; maintenance?: boolean } = {}) =>
  ({ id, tags, retired: false, enrollment: { status: over.enrollment ?? "enrolled" }, health: { status: over.status ?? "online", maintenance: over.maintenance ?? false } }) as unknown as Link;
const needed = { name: "to", type: "text", required: true, default: null } as unknown as Script["parameters"][number];

test("a script that only reads is proposed, the quickest of them, and runs without flags", () => {
  const found = firstRun([script("aaa", { flags: ["--dry-run"] }), script("slow", { tags: ["read-only"], estimate_ms: 9000 }), script("quick", { tags: ["read-only"], estimate_ms: 1000 })], [link("a")])!;
  expect(found.script.id).toBe("quick");
  expect(found.flags).toEqual([]);
});
test("without one, a dry run is proposed; what changes something or asks for values never is", () => {
  expect(firstRun([script("format_disks"), script("install", { flags: ["--dry-run"] })], [link("a")])).toMatchObject({ script: { id: "install" }, flags: ["--dry-run"] });
  expect(firstRun([script("format_disks"), script("audit", { tags: ["read-only"], parameters: [needed] }), script("join", { flags: ["--to=REQUIRED", "--dry-run"] })], [link("a")])).toBeNull();
});
test("at most ten links that would take it, none of them prod while there are others", () => {
  const many = Array.from({ length: 30 }, (_, i) => link(`l${10 + i}`, i % 2 ? ["prod"] : []));
  expect(firstRun([script("s", { tags: ["read-only"] })], many)!.links).toEqual(["l10", "l12", "l14", "l16", "l18", "l20", "l22", "l24", "l26", "l28"]);
  expect(firstRun([script("s", { tags: ["read-only"] })], [link("p", ["prod"])])!.links).toEqual(["p"]);
  const unfit = [link("down", [], { status: "offline" }), link("refused", [], { enrollment: "refused" }), link("resting", [], { maintenance: true })];
  expect(firstRun([script("s", { tags: ["read-only"] })], [...unfit, link("fine")])!.links).toEqual(["fine"]);
  expect(firstRun([script("s", { tags: ["read-only"] })], unfit)).toBeNull();
});
