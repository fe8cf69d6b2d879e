import { expect, test } from "vitest";
import { batchSizes, cronProblem, failureLimit, ownArguments, parameterProblem, parameterValues, quote, retryOf, squares } from "../src/plan";
import type { Execution, ExecutionStatus, Operation, Parameter } from "../src/types/operations";

const parameter = (over: Partial<Parameter>): Parameter => ({ name: "p", type: "text", description: "", flag: "--p", env: null, min: null, max: null, values: [], pattern: null, max_length: 10, default: null, required: false, ...over });
const execution = (target: string, status: ExecutionStatus, index = 0, script = "s"): Execution => ({
  id: `${target}-${script}`, index, target, script, arguments: [], sha256: null, status, started_at: null, ended_at: null, duration_ms: null, exit_code: null, signal: null, output_bytes: 0,
  is_truncated: false, reason: null, error: null, stdout_sha256: null, stderr_sha256: null, durability: null,
});

test("a command is quoted so that a shell would read the same words", () => {
  expect(quote(["update", "--level=3", "", "it's", "a b", "$x"])).toBe("update --level=3 '' 'it'\\''s' 'a b' '$x'");
});

test("a whole number is held against its range, beyond what a double can count, too", () => {
  const p = parameter({ type: "int", min: 1, max: 9 });
  expect(parameterProblem(p, "9")).toBeNull();
  expect(parameterProblem(p, "10")).toContain("1 to 9");
  expect(parameterProblem(p, "1.5")).toContain("whole number");
  expect(parameterProblem(parameter({ type: "int" }), "9007199254740993")).toBeNull();
  expect(parameterValues([parameter({ type: "int" })], { p: "9007199254740993" })).toEqual({ p: "9007199254740993" });
});

test("what is needed is asked for, what has a default is not", () => {
  expect(parameterProblem(parameter({ required: true }), "")).toContain("needs a value");
  expect(parameterProblem(parameter({ required: true, default: "x" }), "")).toBeNull();
  expect(parameterProblem(parameter({}), "")).toBeNull();
});

test("a pattern is for the whole of a text; one that the browser cannot read is left to the server", () => {
  expect(parameterProblem(parameter({ pattern: "[a-z]+" }), "abc")).toBeNull();
  expect(parameterProblem(parameter({ pattern: "[a-z]+" }), "abc1")).toContain("[a-z]+");
  expect(parameterProblem(parameter({ pattern: "(?i)abc\\z" }), "ABC")).toBeNull();
});

test("switches are always told, empty texts never", () => {
  const all = [parameter({ name: "loud", type: "bool" }), parameter({ name: "keep", type: "int", default: "7" }), parameter({ name: "word" })];
  expect(parameterValues(all, {})).toEqual({ loud: false, keep: 7 });
  expect(parameterValues(all, { loud: "true", keep: "", word: "x" })).toEqual({ loud: true, word: "x" });
});

test("of an operation's arguments those that were typed are left after those of its parameters", () => {
  const all = [parameter({ name: "loud", type: "bool", flag: "--loud" }), parameter({ name: "level", type: "int", flag: "--level" })];
  expect(ownArguments(["--level=3", "--loud", "--dry-run", "--level=3"], all, { loud: "true", level: "3" })).toEqual(["--dry-run", "--level=3"]);
});

test("batches are cut as the server cuts them", () => {
  expect(batchSizes(null, 5)).toEqual([5]);
  expect(batchSizes({ canary: 2, size: 6 }, 20)).toEqual([2, 6, 6, 6]);
  expect(batchSizes({ percent: 33 }, 10)).toEqual([4, 4, 2]);
  expect(batchSizes({ canary: 9 }, 5)).toEqual([5]);
  expect(batchSizes({ canary: 1 }, 0)).toEqual([]);
  expect(failureLimit({ max_failure_percent: 15 }, 10)).toBe(1);
  expect(failureLimit({}, 10)).toBeNull();
});

test("the worst of several scripts stands for a target, in the order of the targets", () => {
  const all = squares([execution("b", "success"), execution("b", "failed", 1, "t"), execution("a", "success", 2)]);
  expect(all.map(s => [s.target, s.status, s.execution.script])).toEqual([["b", "failed", "t"], ["a", "success", "s"]]);
});

test("a retry counts what it would run", () => {
  const o = { executions: [execution("a", "failed"), execution("a", "skipped", 1, "t"), execution("b", "timeout"), execution("c", "success")] } as Operation;
  expect(retryOf(o, new Set(["failed", "skipped"]), null)).toEqual({ executions: 2, targets: ["a"] });
  expect(retryOf(o, new Set(["failed", "timeout"]), new Set(["b", "c"]))).toEqual({ executions: 1, targets: ["b"] });
});

test("a cron expression that cannot be one is told before the server is asked", () => {
  for (const good of ["30 4 * * 1-5", "*/5 * * * *", "0 0 1,15 * *", "@daily", "0 7 * JAN MON-FRI"]) expect(cronProblem(good), good).toBeNull();
  for (const bad of ["", "1 2 3", "61 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 0 * * 8", "@often", "1,,2 * * * *", "a b; c d e"]) expect(cronProblem(bad), bad).not.toBeNull();
});
