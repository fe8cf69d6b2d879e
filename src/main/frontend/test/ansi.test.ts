import { expect, test } from "vitest";
import { after, PLAIN, plain, slice, spans } from "../src/log/ansi";

test("colours become classes and escapes disappear", () => {
  expect(spans("\u001b[1;31mERROR\u001b[0m ok")).toEqual([{ text: "ERROR", cls: "mb f1" }, { text: " ok", cls: "" }]);
});
test("256 and true colours become colours, bright ones their own class", () => {
  expect(spans("\u001b[38;5;214ma\u001b[48;2;1;2;3mb\u001b[0;91mc")).toEqual([
    { text: "a", cls: "", fg: "rgb(255,175,0)" }, { text: "b", cls: "", fg: "rgb(255,175,0)", bg: "rgb(1,2,3)" }, { text: "c", cls: "f9" },
  ]);
});
test("cursor movement, titles, links and unknown escapes leave no trace", () => {
  const noisy = "a\u001b[2Kb\u001b[10;3Hc\u001b]0;title\u0007d\u001b]8;;https://example.org\u001b\\e\u001b(Bf\u001b=g\u0007";
  expect(plain(noisy)).toBe("abcdefg");
  expect(spans(noisy).map(s => s.text).join("")).toBe("abcdefg");
});
test("markup in output stays text", () => {
  expect(spans("<img src=x onerror=alert(1)>")).toEqual([{ text: "<img src=x onerror=alert(1)>", cls: "" }]);
});
test("an escape that is cut off at the end of a line does no harm", () => {
  expect(plain("abc\u001b[")).toMatch(/^abc/);
  expect(plain("abc\u001b")).toBe("abc");
});
test("tabs stand at every eighth column, counted without escapes", () => {
  expect(plain("a\tb")).toBe("a       b");
  expect(spans("\u001b[31mab\u001b[0m\tc").map(s => s.text).join("")).toBe("ab      c");
});
test("a look goes on to the next line until it is ended", () => {
  const look = after(PLAIN, "\u001b[32mgreen");
  expect(spans("still", look)).toEqual([{ text: "still", cls: "f2" }]);
  expect(after(look, "\u001b[0m")).toBe(PLAIN);
});
test("inverse swaps the colours", () => {
  expect(spans("\u001b[7;31mx")).toEqual([{ text: "x", cls: "fbg k1" }]);
});
test("for any line, the spans together are the plain text, and so are its slices", () => {
  let seed = 3;
  const next = (n: number) => { seed = (seed * 48271) % 2147483647; return seed % n; };
  const parts = ["a", "bc ", "\t", "\u001b[31m", "\u001b[0m", "\u001b[38;5;99m", "\u001b[2K", "ä", "<b>", "\u001b]0;t\u0007", "\u0007", "\u001b[1;4m"];
  for (let i = 0; i < 500; i++) {
    const line = Array.from({ length: next(30) }, () => parts[next(parts.length)]).join("");
    const runs = spans(line);
    expect(runs.map(s => s.text).join("")).toBe(plain(line));
    const width = 1 + next(9);
    let again = "";
    for (let at = 0; at < plain(line).length; at += width) again += slice(runs, at, at + width).map(s => s.text).join("");
    expect(again).toBe(plain(line));
  }
});
