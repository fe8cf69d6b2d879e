import { expect, test } from "vitest";
import { problem, providerUrl } from "../src/signin";

test("the way back ends on the page asked for, without what was only for the log-in page", () => {
  expect(providerUrl("/in", "/")).toBe("/in");
  expect(providerUrl("/in", "/links?q=a&sort=id")).toBe("/in?return_to=%2Flinks%3Fq%3Da%26sort%3Did");
  expect(providerUrl("/in", "/?login_problem=stale&left=1")).toBe("/in");
  expect(providerUrl("/in", "/operations?left=1&status=failed")).toBe("/in?return_to=%2Foperations%3Fstatus%3Dfailed");
});
test("a problem has a sentence of ours, whatever the address says", () => {
  expect(problem(null)).toBeNull();
  expect(problem("no_role")).toContain("no role");
  for (const word of ["", "constructor", "__proto__", "<b>x</b>", "failed"]) expect(problem(word)).toMatch(/^The log-in did not work\./);
});
