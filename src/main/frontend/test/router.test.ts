import { expect, test } from "vitest";
import { inside, match } from "../src/router";

test("a pattern matches its path and nothing else", () => {
  expect(match("/", "/")).toEqual({});
  expect(match("/links", "/links/")).toEqual({});
  expect(match("/links", "/links/a")).toBeNull();
  expect(match("/links/:id", "/links")).toBeNull();
  expect(match("/links/:id", "/scripts/a")).toBeNull();
});
test("parameters come decoded, broken ones match nothing", () => {
  for (const id of ["vm-1", "größe", "a b", "x%y", "q?z#1"]) expect(match("/links/:id", `/links/${encodeURIComponent(id)}`)).toEqual({ id });
  expect(match("/links/:id", "/links/%E0%A4%A")).toBeNull();
});
test("only links inside the app are followed by the app", () => {
  const a = (href: string, over = {}) => inside({ href, target: "", download: "", ...over }, "https://ops.example.org");
  expect(a("https://ops.example.org/links?q=tag%3Aweb")).toBe("/links?q=tag%3Aweb");
  expect(a("https://elsewhere.example.org/links")).toBeNull();
  expect(a("https://ops.example.org/api/operations/1/executions/2/output")).toBeNull();
  expect(a("https://ops.example.org/assets/licenses.txt")).toBeNull();
  expect(a("https://ops.example.org/links", { target: "_blank" })).toBeNull();
  expect(a("javascript:alert(1)")).toBeNull();
});
