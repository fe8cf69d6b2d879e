import { expect, test } from "vitest";
import { timeTicks, valueTicks } from "../src/links/chart";
import { cell, csv, json } from "../src/links/export";
import { editOf, faults, formOf, newClientId } from "../src/links/draft";
import { sorted } from "../src/links/order";
import { problems } from "../src/links/problems";
import { jumpPath, percentile, scalar, sshConfig, yaml } from "../src/links/text";
import { plan, ROOT, step, tree } from "../src/links/tree";
import { parse } from "../src/filter";
import type { Link } from "../src/types";

const link = (id: string, over: { type?: string; via?: string; status?: Link["health"]["status"]; reason?: string; enrollment?: Link["enrollment"]["status"]; tags?: string[]; latency?: number; host?: string; metadata?: Record<string, string>; maintenance?: boolean } = {}): Link => ({
  id, type: over.type ?? "VM", provider: null, host: over.host ?? "10.0.0.1", port: 22, user: "ops", tags: over.tags ?? [], metadata: over.metadata ?? {}, retired: false,
  enrollment: { status: over.enrollment ?? "enrolled", client_id: "LINKOPS-x", path: "/etc/linkops/client_id", client_id_found: true, client_id_matches: true, reason: over.reason ?? null, error: null, verified_at: null },
  ssh: { key_ref: null, proxy_jump: over.via ?? null, pinned_host_key: null }, host_key: { trusted: [], offered: null },
  health: { status: over.status ?? "online", latency_ms: over.latency ?? 10, latency: "ok", last_seen: null, since: null, checked_at: null, stage: null, hop: null, reason: null, error: null, maintenance: over.maintenance ?? false },
});

test("a cell that a spreadsheet would run is made a text, numbers stay numbers", () => {
  expect(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"].map(cell)).toEqual(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1"]);
  expect(cell('=HYPERLINK("http://x","y")')).toBe(`"'=HYPERLINK(""http://x"",""y"")"`);
  expect(cell(-5)).toBe("-5");
  expect(cell("a,b\n\"c\"")).toBe('"a,b\n""c"""');
  expect(cell(["-x", "y"])).toBe("'-x y");
  expect(cell(null)).toBe("");
});
test("both exports hold the same links in the order given", () => {
  const fleet = [link("b", { tags: ["=cmd"] }), link("a")];
  expect(csv(fleet).split("\r\n")[1]).toMatch(/^b,VM,,10\.0\.0\.1,22,ops,'=cmd,online,10,/);
  expect(csv(fleet).trimEnd().split("\r\n")).toHaveLength(3);
  expect((JSON.parse(json(fleet)) as { id: string; tags: string[] }[]).map(l => [l.id, l.tags])).toEqual([["b", ["=cmd"]], ["a", []]]);
});

test("the map hangs links under their jump hosts, and what leads nowhere or in a circle under LinkOps", () => {
  const root = tree([link("vps", { type: "VPS" }), link("px", { via: "vps" }), link("vm", { via: "px", status: "offline" }), link("lost", { via: "gone" }), link("c1", { via: "c2" }), link("c2", { via: "c1" })]);
  expect(root.children.map(c => c.id).sort()).toEqual(["c1", "c2", "lost", "vps"]);
  expect(root.behind).toBe(6);
  expect(root.children.find(c => c.id === "vps")).toMatchObject({ behind: 2, offline: 1 });
});
test("no link is dropped, whatever is folded", () => {
  const fleet = [link("vps"), ...Array.from({ length: 40 }, (_, i) => link(`vm-${i}`, { via: "vps", status: i < 2 ? "offline" : "online" })), ...Array.from({ length: 24 }, (_, i) => link(`ct-${i}`, { type: "CT", via: "vps" }))];
  const folded = plan(tree(fleet), new Set(), null);
  const ids = (p: typeof folded) => new Set(p.spots.flatMap(s => s.links.map(l => l.id)));
  expect(ids(folded).size).toBe(65);
  const tile = folded.spots.find(s => s.kind === "tile")!;
  expect(tile).toMatchObject({ behind: 40, offline: 2 });
  expect(folded.spots.filter(s => s.kind === "tile")).toHaveLength(1);
  const open = plan(tree(fleet), new Set([tile.key]), null);
  expect(open.spots.filter(s => s.kind === "link")).toHaveLength(65);
  expect(ids(plan(tree(fleet), new Set(), new Set(["vm-7"]))).size).toBe(65);
  expect(plan(tree(fleet), new Set(), new Set(["vm-7"])).byKey.has("vm-7")).toBe(true);
});
test("no two things stand in one place, and arrows reach every one of them", () => {
  const fleet = [link("vps"), link("px-1", { via: "vps" }), link("px-2", { via: "vps" }), ...Array.from({ length: 30 }, (_, i) => link(`vm-${i}`, { via: i % 2 ? "px-1" : "px-2" })), link("alone")];
  const map = plan(tree(fleet), new Set(), null);
  expect(new Set(map.spots.map(s => `${s.x} ${s.y}`)).size).toBe(map.spots.length);
  const seen = new Set([ROOT]), next = [ROOT];
  while (next.length) {
    const at = next.pop()!;
    for (const arrow of ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"] as const) { const to = step(map, at, arrow); if (!seen.has(to)) { seen.add(to); next.push(to); } }
  }
  expect(seen.size).toBe(map.spots.length);
});

test("the ssh configuration goes through the hops and cannot be broken out of", () => {
  const byId = new Map([link("vps"), link("vm", { via: "vps", host: "10.0.0.9\n  ProxyCommand evil" })].map(l => [l.id, l]));
  const path = jumpPath(byId.get("vm")!, byId);
  expect(path.map(l => l.id)).toEqual(["vps", "vm"]);
  const config = sshConfig(path);
  expect(config).toContain("Host vm\n");
  expect(config).toContain("    ProxyJump vps");
  expect(config.split("\n").filter(l => /^\s*ProxyCommand/.test(l))).toEqual([]);
});
test("YAML quotes what a reader would take for something else", () => {
  expect(["web-1", "true", "1.5", "a: b", "# x", "10.0.0.1", "-x", "a\nb", 'q"q'].map(scalar)).toEqual(["web-1", '"true"', '"1.5"', '"a: b"', '"# x"', "10.0.0.1", '"-x"', '"a\\nb"', '"q\\"q"']);
  expect(yaml(link("vm-1", { tags: ["web", "yes"], metadata: { rack: "r1" } }))).toBe('links:\n  vm-1:\n    type: VM\n    host: 10.0.0.1\n    port: 22\n    user: ops\n    tags: [web, "yes"]\n    enrollment:\n      clientId: LINKOPS-x\n    metadata:\n      rack: r1\n');
});

test("a form says what is wrong at each field, and becomes what the API takes", () => {
  const form = { ...formOf(null), id: "a", host: "h", metadata: "rack = r1\nx=a=b", tags: "web, , web,db", proxy_jump: " vps " };
  expect(newClientId()).toMatch(/^LINKOPS-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(faults(form, true, new Set(["vps"]))).toEqual({});
  expect(Object.keys(faults({ ...form, id: "vps", host: "", port: "70000", metadata: "nothing", proxy_jump: "nobody" }, true, new Set(["vps"]))).sort()).toEqual(["host", "id", "metadata", "port", "ssh.proxy_jump"]);
  expect(editOf(form, true, "abc")).toMatchObject({ id: "a", tags: ["web", "db"], ssh: { proxy_jump: "vps", key_ref: null }, metadata: { rack: "r1", x: "a=b" }, base_commit: "abc", message: null });
  const known = link("k", { tags: ["x"], metadata: { a: "b" } });
  expect(editOf(formOf(known), false, null)).toMatchObject({ type: "VM", tags: ["x"], metadata: { a: "b" } });
});

test("trouble is told once for each kind, worst first, and leads to exactly the links that have it", () => {
  const fleet = [link("a", { status: "offline" }), link("b", { status: "offline" }), link("c", { enrollment: "refused", reason: "host_key_changed" }), link("d", { status: "offline", maintenance: true }), link("e")];
  const found = problems(fleet, [], null, Date.now());
  expect(found.map(p => [p.key, p.count])).toEqual([["host_key_changed", 1], ["offline", 2]]);
  const filter = parse(new URLSearchParams(found[1]!.to.split("?")[1]).get("q")!);
  expect(fleet.filter(filter.test).map(l => l.id)).toEqual(["a", "b"]);
});
test("percentiles are numbers that were measured", () => {
  expect([percentile([], .5), percentile([7], .95), percentile([1, 2, 3, 4], .5), percentile([1, 2, 3, 4], .95)]).toEqual([null, 7, 2, 4]);
});

test("a chart's axes have round marks that hold all there is", () => {
  expect(valueTicks(0).at(-1)).toBeGreaterThanOrEqual(10);
  for (const highest of [1, 9, 37, 99, 100, 101, 480, 12_345]) { const ticks = valueTicks(highest); expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest); expect(ticks.length).toBeLessThanOrEqual(6); }
  const day = timeTicks(Date.UTC(2030, 0, 1, 0, 7), Date.UTC(2030, 0, 2, 0, 7), 9, () => 0);
  expect(day.map(t => new Date(t).getUTCHours())).toEqual([3, 6, 9, 12, 15, 18, 21, 0]);
});

test("10,000 links are filtered and sorted in little time", () => {
  const fleet = Array.from({ length: 10_000 }, (_, i) => link(`vm-${(i * 7919) % 10_000}`, { type: ["VM", "VPS", "Proxmox"][i % 3]!, latency: (i * 31) % 400, tags: [`t${i % 17}`, "prod"], host: `10.${i % 256}.${i >> 8}.1`, via: i % 5 ? `vm-${i % 40}` : "" }));
  const best = (work: () => unknown) => { let ms = Infinity; for (let i = 0; i < 12; i++) { const from = performance.now(); work(); ms = Math.min(ms, performance.now() - from); } return ms; };
  const times = {
    "type:VM tag:t3 latency>100": best(() => fleet.filter(parse("type:VM tag:t3 latency>100").test)), "free word": best(() => fleet.filter(parse("10.77").test)), "glob": best(() => fleet.filter(parse("vm-9*1").test)),
    "sort by latency": best(() => sorted(fleet, "latency", true)), "sort by name": best(() => sorted(fleet, "id", false)), "filter and sort": best(() => sorted(fleet.filter(parse("-type:Proxmox prod").test), "host", false)),
    "CSV": best(() => csv(fleet)), "map": best(() => plan(tree(fleet), new Set(), null)),
  };
  console.log(`10,000 links, best of 12: ${Object.entries(times).map(([what, ms]) => `${what} ${ms.toFixed(1)} ms`).join(" · ")}`);
  expect(sorted(fleet, "latency", true)[0]!.health.latency_ms).toBe(399);
});
