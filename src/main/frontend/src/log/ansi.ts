/** A run of text with the look that escape codes gave it. Text is only ever text, never markup. */
export interface Span { text: string; cls: string; fg?: string; bg?: string }

/** The look at one place of an output; carried from line to line. */
export interface Look { fg: string; bg: string; marks: string }
export const PLAIN: Look = { fg: "", bg: "", marks: "" };

// CSI sequences, OSC and other strings with their ends, two-byte escapes, and control characters other than tab.
const ESCAPE = /\u001b\[([0-9;:?<=>]*)[ -/]*([@-~])|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
const NEEDS = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;
const TAB = 8;

const channel = (n: number) => Math.max(0, Math.min(255, n || 0));
/** The 240 colours after the sixteen named ones. */
function indexed(n: number): string {
  if (n < 16) return String(n);
  if (n >= 232) { const g = 8 + (n - 232) * 10; return `rgb(${g},${g},${g})`; }
  const level = (v: number) => v === 0 ? 0 : 55 + v * 40;
  return `rgb(${level(Math.floor((n - 16) / 36))},${level(Math.floor((n - 16) / 6) % 6)},${level((n - 16) % 6)})`;
}

const MARKS: Record<number, string> = { 1: "b", 2: "d", 3: "i", 4: "u", 7: "v", 9: "s" };
const ENDS: Record<number, string> = { 22: "bd", 23: "i", 24: "u", 27: "v", 29: "s" };

function restyle(look: Look, parameters: string): Look {
  const codes = (parameters || "0").split(/[;:]/).map(Number);
  let { fg, bg, marks } = look;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) { fg = bg = marks = ""; }
    else if (MARKS[code]) { if (!marks.includes(MARKS[code])) marks += MARKS[code]; }
    else if (ENDS[code]) marks = [...marks].filter(m => !ENDS[code]!.includes(m)).join("");
    else if (code >= 30 && code <= 37) fg = String(code - 30);
    else if (code >= 90 && code <= 97) fg = String(code - 82);
    else if (code === 39) fg = "";
    else if (code >= 40 && code <= 47) bg = String(code - 40);
    else if (code >= 100 && code <= 107) bg = String(code - 92);
    else if (code === 49) bg = "";
    else if (code === 38 || code === 48) {
      let colour = "";
      if (codes[i + 1] === 5) { colour = indexed(channel(codes[i + 2]!)); i += 2; }
      else if (codes[i + 1] === 2) { colour = `rgb(${channel(codes[i + 2]!)},${channel(codes[i + 3]!)},${channel(codes[i + 4]!)})`; i += 4; }
      else continue;
      if (code === 38) fg = colour; else bg = colour;
    }
  }
  return { fg, bg, marks };
}

/** The look after a line, for the one that follows. */
export function after(look: Look, line: string): Look {
  if (line.indexOf("\u001b") < 0) return look;
  for (const m of line.matchAll(ESCAPE)) if (m[2] === "m" && /^[\d;:]*$/.test(m[1]!)) look = restyle(look, m[1]!);
  return look.fg || look.bg || look.marks ? look : PLAIN;
}

function span(text: string, look: Look): Span {
  const inverse = look.marks.includes("v");
  const fg = inverse ? look.bg || "bg" : look.fg, bg = inverse ? look.fg || "fg" : look.bg;
  const cls = [...look.marks].filter(m => m !== "v").map(m => `m${m}`);
  const result: Span = { text, cls: "" };
  if (fg) { if (fg.startsWith("rgb")) result.fg = fg; else cls.push(`f${fg}`); }
  if (bg) { if (bg.startsWith("rgb")) result.bg = bg; else cls.push(`k${bg}`); }
  result.cls = cls.join(" ");
  return result;
}

/** Splits one line into styled runs; what is no colour leaves no trace, tabs become spaces. */
export function spans(line: string, look: Look = PLAIN): Span[] {
  const out: Span[] = [];
  let column = 0, at = 0;
  const push = (raw: string) => {
    if (!raw) return;
    let text = raw;
    if (raw.includes("\t")) {
      text = "";
      for (const c of raw) text += c === "\t" ? " ".repeat(TAB - (column + text.length) % TAB) : c;
    }
    column += text.length;
    out.push(span(text, look));
  };
  if (NEEDS.test(line)) {
    for (const m of line.matchAll(ESCAPE)) {
      push(line.slice(at, m.index));
      at = m.index + m[0].length;
      if (m[2] === "m" && /^[\d;:]*$/.test(m[1]!)) look = restyle(look, m[1]!);
    }
  }
  push(line.slice(at));
  return out;
}

/** The same text without looks. */
export const plain = (line: string) => {
  const text = NEEDS.test(line) ? line.replace(ESCAPE, "") : line;
  if (!text.includes("\t")) return text;
  let out = "";
  for (const c of text) out += c === "\t" ? " ".repeat(TAB - out.length % TAB) : c;
  return out;
};

/** The runs of one wrapped row: the columns from `from` up to `to`. */
export function slice(runs: readonly Span[], from: number, to: number): Span[] {
  const out: Span[] = [];
  let at = 0;
  for (const run of runs) {
    const start = Math.max(from, at), end = Math.min(to, at + run.text.length);
    if (start < end) out.push({ ...run, text: run.text.slice(start - at, end - at) });
    at += run.text.length;
    if (at >= to) break;
  }
  return out;
}
