import { expect, test } from "vitest";
import { check, flag, initial } from "../src/flags";

const declared = ["--dry-run", "--ban-time=3600", "--to=REQUIRED"];

test("a declared flag says its name, its preset and whether it is needed", () => {
  expect(declared.map(flag)).toEqual([
    { name: "--dry-run", preset: null, required: false }, { name: "--ban-time", preset: "3600", required: false }, { name: "--to", preset: "", required: true },
  ]);
});
test("a run starts with the flags it cannot do without", () => expect(initial(declared)).toEqual(["--to="]));
test("a needed flag must be there and have a value, in either spelling", () => {
  expect(check(declared, ["--dry-run"]).missing).toEqual(["--to"]);
  expect([...check(declared, ["--to="]).wrong.keys()]).toEqual([0]);
  expect([...check(declared, ["x", "--to=REQUIRED"]).wrong.keys()]).toEqual([1]);
  expect([...check(declared, ["--to", "--dry-run"]).wrong.keys()]).toEqual([0]);
  for (const good of [["--to=a b"], ["--to", "a"], ["--to=--x"], ["--to=;rm -rf /"]]) expect(check(declared, good)).toEqual({ missing: [], wrong: new Map() });
});
test("a flag whose name begins like another one is another one", () => expect(check(["--to=REQUIRED"], ["--tofu=1"]).missing).toEqual(["--to"]));
