import { after, PLAIN, plain, type Look } from "./ansi";

/** One line of output as it is shown. It may still grow until `open` is false. */
export interface Line {
  number: number;
  execution: string;
  target: string;
  err: boolean;
  text: string;
  /** Characters beyond the limit, not kept. */
  cut: number;
  look: Look;
  open: boolean;
}

/** One stream of one execution: what is known of its last, unfinished line. */
interface Pen { line: Line | null; returned: boolean; look: Look; decoder: TextDecoder | null }

export interface Limits { lines: number; characters: number; line: number }
export const LIMITS: Limits = { lines: 300_000, characters: 40_000_000, line: 8_192 };

/**
 * Puts lines together from chunks that may end anywhere, for each execution and stream by itself. A line stands where
 * it began; a carriage return starts it over, so progress bars keep one line. The oldest lines go when a limit is met.
 */
export class Lines {
  readonly kept: Line[] = [];
  /** How many lines went before the first kept one: its number, from 0. */
  first = 0;
  /** The lowest line number that changed since `changed` was last taken. */
  private dirty = Infinity;
  private characters = 0;
  private readonly pens = new Map<string, Pen>();

  constructor(private readonly limits: Limits = LIMITS) {}

  get end(): number { return this.first + this.kept.length; }
  at(number: number): Line | undefined { return this.kept[number - this.first]; }

  /** The lowest number whose line is new or changed since the last call; Infinity if none. */
  changed(): number {
    const lowest = this.dirty;
    this.dirty = Infinity;
    return lowest;
  }

  /** Bytes that were not valid UTF-8 by themselves: perhaps a character cut in two, perhaps rubbish. */
  bytes(execution: string, target: string, stream: string, data: Uint8Array): void {
    const pen = this.pen(execution, stream);
    pen.decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
    this.write(pen, execution, target, stream, pen.decoder.decode(data, { stream: true }));
  }

  text(execution: string, target: string, stream: string, data: string): void {
    const pen = this.pen(execution, stream);
    const left = pen.decoder?.decode() ?? ""; // a cut character that never got its rest
    this.write(pen, execution, target, stream, left + data);
  }

  /** The execution is over: its unfinished lines are final. */
  finish(execution: string, target: string): void {
    for (const stream of ["stdout", "stderr"]) {
      const pen = this.pens.get(`${stream}:${execution}`);
      if (!pen) continue;
      const left = pen.decoder?.decode() ?? "";
      if (left) this.write(pen, execution, target, stream, left);
      if (pen.line) { pen.line.open = false; this.mark(pen.line); }
      this.pens.delete(`${stream}:${execution}`);
    }
  }

  private pen(execution: string, stream: string): Pen {
    const key = `${stream}:${execution}`;
    let pen = this.pens.get(key);
    if (!pen) { pen = { line: null, returned: false, look: PLAIN, decoder: null }; this.pens.set(key, pen); }
    return pen;
  }

  private write(pen: Pen, execution: string, target: string, stream: string, data: string): void {
    const begin = () => {
      if (!pen.line) {
        pen.line = { number: this.end, execution, target, err: stream === "stderr", text: "", cut: 0, look: pen.look, open: true };
        this.kept.push(pen.line);
        this.dirty = Math.min(this.dirty, this.end - 1);
      }
      return pen.line;
    };
    const end = () => {
      const line = begin();
      line.open = false;
      pen.look = after(line.look, line.text);
      pen.line = null;
      pen.returned = false;
    };
    let at = 0;
    while (at < data.length) {
      if (pen.returned && data[at] !== "\r") {
        pen.returned = false;
        if (data[at] === "\n") { end(); at++; continue; }
        this.restart(begin());
      }
      const stop = nextBreak(data, at);
      if (stop > at) this.grow(begin(), data, at, stop);
      if (stop < data.length) {
        if (data[stop] === "\n") end();
        else { begin(); pen.returned = true; }
      }
      at = stop + 1;
    }
    this.trim();
  }

  private restart(line: Line): void {
    this.characters -= line.text.length;
    line.look = after(line.look, line.text);
    line.text = "";
    line.cut = 0;
    this.mark(line);
  }

  private grow(line: Line, data: string, from: number, to: number): void {
    const room = Math.max(0, this.limits.line - line.text.length);
    const piece = data.slice(from, Math.min(to, from + room));
    line.text += piece;
    line.cut += to - from - piece.length;
    this.characters += piece.length;
    this.mark(line);
  }

  private mark(line: Line): void {
    this.dirty = Math.min(this.dirty, line.number);
  }

  private trim(): void {
    const slack = Math.ceil(this.limits.lines / 20);
    if (this.kept.length <= this.limits.lines + slack && this.characters <= this.limits.characters * 1.05) return;
    let drop = Math.max(0, this.kept.length - this.limits.lines), freed = 0;
    for (let i = 0; i < drop; i++) freed += this.kept[i]!.text.length;
    while (this.characters - freed > this.limits.characters && drop < this.kept.length - 1) freed += this.kept[drop++]!.text.length;
    this.characters -= freed;
    this.kept.splice(0, drop);
    this.first += drop;
    for (const pen of this.pens.values()) if (pen.line && pen.line.number < this.first) pen.line = null;
  }
}

function nextBreak(data: string, from: number): number {
  for (let i = from; i < data.length; i++) { const c = data.charCodeAt(i); if (c === 10 || c === 13) return i; }
  return data.length;
}

/**
 * The rows of a log view: the lines a filter leaves, each cut into rows of `columns` if they wrap. Row heights are
 * equal, so that any place is found by arithmetic.
 */
export class Rows {
  private numbers: number[] = [];
  /** Where each shown line's rows begin; only while wrapping. */
  private starts: number[] = [];
  private total = 0;
  private seen = 0;

  constructor(private readonly lines: Lines, private readonly shown: (line: Line) => boolean, private readonly columns: number) {}

  get count(): number { return this.columns ? this.total : this.numbers.length; }

  /** Takes in what changed from line `from` on; answers how many rows went at the top. */
  update(from: number): number {
    let gone = 0;
    const { lines } = this;
    if (this.numbers.length && this.numbers[0]! < lines.first) {
      const keep = lowerBound(this.numbers, lines.first);
      gone = this.columns ? (keep < this.starts.length ? this.starts[keep]! : this.total) : keep;
      this.numbers.splice(0, keep);
      if (this.columns) { this.starts.splice(0, keep); for (let i = 0; i < this.starts.length; i++) this.starts[i]! -= gone; this.total -= gone; }
    }
    if (from < this.seen && this.columns) {
      const index = lowerBound(this.numbers, from);
      if (index < this.numbers.length) {
        let at = this.starts[index]!;
        for (let i = index; i < this.numbers.length; i++) { this.starts[i] = at; at += this.height(this.numbers[i]!); }
        this.total = at;
      }
    }
    for (let n = Math.max(this.seen, lines.first); n < lines.end; n++) {
      if (!this.shown(lines.at(n)!)) continue;
      this.numbers.push(n);
      if (this.columns) { this.starts.push(this.total); this.total += this.height(n); }
    }
    this.seen = lines.end;
    return gone;
  }

  /** The line number and the part of it that stand in a row. */
  row(index: number): { number: number; part: number } | null {
    if (index < 0 || index >= this.count) return null;
    if (!this.columns) return { number: this.numbers[index]!, part: 0 };
    const at = lowerBound(this.starts, index + 1) - 1;
    return { number: this.numbers[at]!, part: index - this.starts[at]! };
  }

  /** The first row of a line, or of the next one that is shown. */
  rowOf(number: number): number {
    const at = lowerBound(this.numbers, number);
    return this.columns ? this.starts[at] ?? this.total : at;
  }

  /** How many shown lines there are from this number on. */
  shownFrom(number: number): number { return this.numbers.length - lowerBound(this.numbers, number); }

  private height(number: number): number {
    return Math.max(1, Math.ceil(plain(this.lines.at(number)!.text).length / this.columns));
  }
}

/** The first index whose value is at least `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0, high = sorted.length;
  while (low < high) { const middle = (low + high) >> 1; if (sorted[middle]! < value) low = middle + 1; else high = middle; }
  return low;
}
