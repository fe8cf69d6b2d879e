import { expect, test } from "vitest";
import { parse, resolve, term, toggle, words } from "../src/filter";
import type { Link } from "../src/types";

const link = (id: string, over: { type?: string; status?: Link["health"]["status"]; enrollment?: Link["enrollment"]["status"]; tags?: string[]; latency?: number | null; host?: string } = {}): Link => ({
  id, type: over.type ?? "VM", provider: null, host: over.host ?? "10.0.0.1", port: 22, user: "ops", tags: over.tags ?? [], metadata: {}, retired: false,
  enrollment: { status: over.enrollment ?? "enrolled", client_id: "LINKOPS-x", path: "/etc/linkops/client_id", client_id_found: true, client_id_matches: true, reason: null, error: null, verified_at: null },
  ssh: { key_ref: null, proxy_jump: null, pinned_host_key: null }, host_key: { trusted: [], offered: null },
  health: { status: over.status ?? "online", latency_ms: over.latency === undefined ? 10 : over.latency, last_seen: null, latency: null, since: null, checked_at: null, stage: null, hop: null, reason: null, error: null, maintenance: false },
});
const fleet = [
  link("web-1", { tags: ["web", "prod"] }), link("web-2", { tags: ["web"], status: "offline", enrollment: "refused", latency: null }),
  link("db-1", { tags: ["db"], latency: 250 }), link("px-1", { type: "Proxmox", status: "unknown", enrollment: "unverified", host: "fe80::1" }),
];
const found = (text: string) => fleet.filter(parse(text).test).map(l => l.id);

test("no words match all, and several must all hold", () => {
  expect(found("")).toHaveLength(4);
  expect(found("type:VM tag:web status:offline enrollment:refused")).toEqual(["web-2"]);
});
test("plain words look into id, host, user and tags, whatever the case", () => {
  expect(found("WEB")).toEqual(["web-1", "web-2"]);
  expect(found("prod")).toEqual(["web-1"]);
});
test("commas are alternatives, a leading minus or exclamation mark turns round", () => {
  expect(found("status:offline,unknown")).toEqual(["web-2", "px-1"]);
  expect(found("-tag:web")).toEqual(["db-1", "px-1"]);
  expect(found("!type:VM")).toEqual(["px-1"]);
});
test("types, states and tags match whole words, hosts and names parts", () => {
  expect(found("tag:we")).toEqual([]);
  expect(found("host:fe80")).toEqual(["px-1"]);
});
test("globs and numbers", () => {
  expect(found("db-*")).toEqual(["db-1"]);
  expect(found("id:*-1")).toEqual(["web-1", "db-1", "px-1"]);
  expect(found("latency>100")).toEqual(["db-1"]);
  expect(found("latency<=10")).toEqual(["web-1", "px-1"]);
});
test("an unknown column is named and looked for as text; addresses with colons are no columns", () => {
  expect(parse("colour:red").unknown).toEqual(["colour"]);
  expect(found("fe80::1")).toEqual(["px-1"]);
  expect(parse("fe80::1").unknown).toEqual([]);
});
test("links that are gone from Git are found by a word of their own, and only they", () => {
  const gone = { ...link("old-1"), retired: true };
  expect([...fleet, gone].filter(parse("retired").test).map(l => l.id)).toEqual(["old-1"]);
  expect(parse("retired").retired).toBe(true);
  expect(parse("-retired").retired).toBe(false);
  expect(parse("status:offline").retired).toBe(false);
});
test("via means the jump host itself, not a part of its name", () => {
  const via = (id: string, hop: string) => ({ ...link(id), ssh: { key_ref: null, proxy_jump: hop, pinned_host_key: null } });
  expect([via("a", "pve-1"), via("b", "pve-10")].filter(parse("via:pve-1").test).map(l => l.id)).toEqual(["a"]);
});
test("half a word while typing hides nothing", () => expect(found("status:")).toHaveLength(4));
test("what looks like an expression is text", () => {
  expect(() => parse("((( [a-z] *** $^ \\")).not.toThrow();
  expect(found(".*")).toEqual([]);
});
test("a value with spaces is asked for as one word", () => {
  const odd = link("odd", { tags: ["=cmd|' /C calc'!A0"] });
  expect([...fleet, odd].filter(parse(term("tag", odd.tags[0]!)).test).map(l => l.id)).toEqual(["odd"]);
});
test("quotes keep words together", () => expect(words('type:"Raspberry Pi" x')).toEqual(['type:"Raspberry Pi"', "x"]));
test("a filter button adds its word and takes it out again", () => {
  expect(toggle("web", "status:offline")).toBe("web status:offline");
  expect(toggle("web status:offline", "status:offline")).toBe("web");
});
test("target selectors mean what the server means by them", () => {
  const ids = (...s: string[]) => resolve(s, fleet).links.map(l => l.id);
  expect(ids("tag:web", "!web-2")).toEqual(["web-1"]);
  expect(ids("*-1", "!type:Proxmox")).toEqual(["db-1", "web-1"]);
  expect(ids("px-1", "web-*")).toEqual(["px-1", "web-1", "web-2"]);
  expect(ids("we")).toEqual([]);
  expect(resolve(["nope", "tag:web"], fleet).empty).toEqual(["nope"]);
  expect(ids()).toEqual([]);
  expect(ids("!web-1")).toEqual([]);
});
