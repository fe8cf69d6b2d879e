import { expect, test } from "vitest";
import { LIMITS, Lines, lowerBound, Rows } from "../src/log/lines";

let seed = 11;
const next = (n: number) => { seed = (seed * 48271) % 2147483647; return seed % n; };

/** What the lines of a whole text are: the reference that chunking must not change. */
function reference(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map(line => { const kept = line.replace(/\r+$/, ""); return kept.slice(kept.lastIndexOf("\r") + 1); });
}
const alphabet = ["a", "b", " ", "\n", "\r", "\r\n", "\u001b[31m", "ä", "漢", "🙂", "50%", "\n\n"];
const someText = (n: number) => Array.from({ length: next(n) }, () => alphabet[next(alphabet.length)]).join("");
function chunks<T extends string | Uint8Array>(whole: T): T[] {
  const out: T[] = [];
  for (let at = 0; at < whole.length;) { const size = 1 + next(7); out.push(whole.slice(at, at + size) as T); at += size; }
  return out;
}
const texts = (lines: Lines, execution: string, err: boolean) => lines.kept.filter(l => l.execution === execution && l.err === err).map(l => l.text);

test("for any text and any chunks, interleaved over executions and streams, each stream has its own whole lines", () => {
  for (let round = 0; round < 300; round++) {
    const lines = new Lines();
    const streams = ["x0", "x1", "x2"].flatMap(x => ["stdout", "stderr"].map(s => ({ x, s, text: someText(60), parts: [] as string[] })));
    for (const stream of streams) stream.parts = chunks(stream.text);
    while (streams.some(s => s.parts.length)) {
      const stream = streams[next(streams.length)]!;
      const part = stream.parts.shift();
      if (part !== undefined) lines.text(stream.x, `host-${stream.x}`, stream.s, part);
    }
    for (const { x } of streams) lines.finish(x, `host-${x}`);
    for (const { x, s, text } of streams) expect(texts(lines, x, s === "stderr")).toEqual(reference(text));
    expect(lines.kept.every(l => l.number === lines.kept.indexOf(l) && !l.open && l.target === `host-${l.execution}`)).toBe(true);
  }
});

test("for any cut of its bytes a text comes out whole, characters of many bytes too", () => {
  for (let round = 0; round < 200; round++) {
    const text = someText(50);
    const lines = new Lines();
    for (const part of chunks(new TextEncoder().encode(text))) lines.bytes("x", "h", "stdout", part);
    lines.finish("x", "h");
    expect(texts(lines, "x", false)).toEqual(reference(text));
  }
});

test("half a character that never gets its rest becomes a replacement, and what follows is whole", () => {
  const lines = new Lines();
  lines.bytes("x", "h", "stdout", new Uint8Array([0x61, 0xe6, 0xbc]));
  lines.text("x", "h", "stdout", "b\n");
  expect(texts(lines, "x", false)).toEqual(["a\ufffdb"]);
});

test("a progress bar keeps one line, and it grows where it began", () => {
  const lines = new Lines();
  lines.text("a", "h", "stdout", "10%");
  lines.text("b", "h", "stdout", "other\n");
  lines.text("a", "h", "stdout", "\r20%");
  lines.text("a", "h", "stdout", "\r30%\n");
  expect(lines.kept.map(l => l.text)).toEqual(["30%", "other"]);
  expect(lines.changed()).toBe(0);
  expect(lines.changed()).toBe(Infinity);
});

test("a line beyond the limit is cut and says by how much", () => {
  const lines = new Lines({ ...LIMITS, line: 10 });
  for (let i = 0; i < 5; i++) lines.text("x", "h", "stdout", "abcdefg");
  lines.text("x", "h", "stdout", "\nnext\n");
  expect(lines.kept.map(l => [l.text, l.cut])).toEqual([["abcdefgabc", 25], ["next", 0]]);
});

test("a flood keeps the last lines and the numbers of all", () => {
  const lines = new Lines({ lines: 100, characters: 1e6, line: 1000 });
  for (let i = 0; i < 1000; i++) lines.text("x", "h", "stdout", `line ${i}\n`);
  expect(lines.end).toBe(1000);
  expect(lines.kept.length).toBeGreaterThanOrEqual(100);
  expect(lines.kept.length).toBeLessThanOrEqual(106);
  expect(lines.at(999)!.text).toBe("line 999");
  expect(lines.at(0)).toBeUndefined();
});

test("a flood of long lines keeps within the characters allowed", () => {
  const lines = new Lines({ lines: 100_000, characters: 10_000, line: 1000 });
  for (let i = 0; i < 500; i++) lines.text("x", "h", "stdout", `${"y".repeat(900)}\n`);
  expect(lines.kept.reduce((sum, l) => sum + l.text.length, 0)).toBeLessThanOrEqual(10_500);
});

test("for any filter, width and flood, the rows are those of a fresh look", () => {
  for (let round = 0; round < 150; round++) {
    const lines = new Lines({ lines: 40, characters: 1e6, line: 200 });
    const shown = (l: { err: boolean }) => round % 3 === 0 || !l.err;
    const columns = round % 2 ? 0 : 3 + next(10);
    const rows = new Rows(lines, shown, columns);
    for (let i = 0; i < 60; i++) {
      lines.text(`x${next(3)}`, "h", next(4) ? "stdout" : "stderr", `${"z".repeat(next(30))}${next(3) ? "\n" : next(2) ? "\r" : ""}`);
      if (next(3) === 0) rows.update(lines.changed());
    }
    rows.update(lines.changed());
    const fresh = new Rows(lines, shown, columns);
    fresh.update(0);
    expect(rows.count).toBe(fresh.count);
    for (let i = 0; i < rows.count; i++) {
      expect(rows.row(i)).toEqual(fresh.row(i));
      const { number, part } = rows.row(i)!;
      expect(rows.rowOf(number) + part).toBe(i);
    }
    expect(rows.row(rows.count)).toBeNull();
    const from = lines.first + next(20);
    expect(rows.shownFrom(from)).toBe(lines.kept.filter(l => l.number >= from && shown(l)).length);
  }
});

test("the lower bound is the first place that is not below", () => {
  expect([lowerBound([1, 3, 5], 0), lowerBound([1, 3, 5], 3), lowerBound([1, 3, 5], 4), lowerBound([1, 3, 5], 9)]).toEqual([0, 1, 2, 3]);
});
