import { expect, test } from "vitest";
import { order, rank, score } from "../src/shell/match";

const entries = (...keys: string[]) => keys.map(key => ({ id: key, key }));
const names = (found: { id: string }[]) => found.map(f => f.id);

test("the whole name comes before its beginning, a word's beginning before its middle, that before letters with gaps", () => {
  const found = rank(entries("d-x-b-01", "mydb01", "vm-db-1", "db-01", "db"), "db", 10);
  expect(names(found)).toEqual(["db", "db-01", "vm-db-1", "mydb01", "d-x-b-01"]);
});

test("every word must be found, wherever it stands", () => {
  expect(names(rank(entries("vm-web-prod-1", "vm-web-test-1", "vm-db-prod-1"), "prod web", 10))).toEqual(["vm-web-prod-1"]);
  expect(rank(entries("web"), "web xyz", 10)).toEqual([]);
});

test("letters in order are found at the beginnings of words", () => {
  expect(score("vwp", "vm-web-prod-1")).toBeGreaterThan(0);
  expect(score("zz", "vm-web-prod-1")).toBe(0);
});

test("what was used lately comes first among equals, and equals keep their order", () => {
  const all = entries("web-a", "web-b", "web-c");
  expect(names(rank(all, "web", 2))).toEqual(["web-a", "web-b"]);
  expect(names(rank(all, "web", 2, id => id === "web-c" ? 60 : 0))).toEqual(["web-c", "web-a"]);
});

test("text that would be a pattern or markup is only text", () => {
  expect(names(rank(entries("a.*[b", "<b>x</b>", "axxb"), "a.*[", 10))).toEqual(["a.*[b"]);
  expect(names(rank(entries("<b>x</b>", "bx"), "<b>", 10))).toEqual(["<b>x</b>"]);
});

test("10,000 links are ranked for each key", () => {
  const all = Array.from({ length: 10_000 }, (_, i) => ({ id: String(i), key: `vm-${["web", "db", "cache", "proxy"][i % 4]}-${["prod", "test"][i % 2]}-${String(i).padStart(5, "0")}.example.org` }));
  for (let i = 0; i < 20; i++) rank(all, "web prod 1", 24);
  const times = ["d", "db", "db-t", "prod 99", "vwp12", "xyzzy"].map(text => {
    const many = Array.from({ length: 5 }, () => { const begin = performance.now(); rank(all, text, 24); return performance.now() - begin; });
    return Math.min(...many);
  });
  console.log(`10,000 links ranked for a key, best of 5: at most ${Math.max(...times).toFixed(1)} ms`);
  expect(rank(all, "xyzzy", 24)).toEqual([]);
  expect(rank(all, "db-t", 24)).toHaveLength(24);
});

test("verbs are read as people type them", () => {
  expect(order("run baseline on tag:prod,vm-1 db-*")).toEqual({ verb: "run", script: "baseline", on: ["tag:prod", "vm-1", "db-*"] });
  expect(order("Run baseline")).toEqual({ verb: "run", script: "baseline", on: [] });
  expect(order("verify db-01")).toEqual({ verb: "verify", on: ["db-01"] });
  expect(order("ssh db-01")).toEqual({ verb: "terminal", on: ["db-01"] });
  expect(order("theme Blue")).toEqual({ verb: "theme", theme: "blue" });
  expect(order("run")).toBeNull();
  expect(order("db-01")).toBeNull();
});
