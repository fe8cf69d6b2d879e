/** Something the palette leads to. `key` is what is searched, in small letters. */
export interface Entry { id: string; key: string }

/** Whether a word begins there: after anything but a small letter or a digit. */
function boundary(text: string, at: number): boolean {
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  return !(before >= 97 && before <= 122 || before >= 48 && before <= 57);
}

/** How well a word is found in a text, both in small letters; 0 if it is not. */
export function score(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return text.length === word.length ? 1000 : 800 - Math.min(99, text.length);
  if (at > 0) {
    // A later place may be the beginning of a word.
    for (let i = at; i >= 0; i = text.indexOf(word, i + 1)) if (boundary(text, i)) return 600 - Math.min(99, i);
    return 400 - Math.min(99, at);
  }
  // Letters in order, with gaps: few and short ones count more.
  let from = 0, gaps = 0;
  for (let i = 0; i < word.length; i++) {
    const found = text.indexOf(word[i]!, from);
    if (found < 0) return 0;
    if (i > 0 && found > from) gaps += boundary(text, found) ? 1 : Math.min(8, found - from + 1);
    from = found + 1;
  }
  return Math.max(0, 140 - gaps * 8);
}

/** The best entries for a text, each word of it somewhere; ties keep the order they came in. Pure. */
export function rank<T extends Entry>(entries: readonly T[], text: string, most: number, liked: (id: string) => number = () => 0): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  // The best so far, best first: of thousands that match only a few are wanted.
  const best: T[] = [], worths: number[] = [];
  for (const entry of entries) {
    let worth = 0;
    for (const word of words) {
      const one = score(word, entry.key);
      if (one === 0) { worth = -1; break; }
      worth += one;
    }
    if (worth < 0) continue;
    worth = worth / Math.max(1, words.length) + liked(entry.id);
    if (best.length === most && worth <= worths[most - 1]!) continue;
    let at = best.length;
    while (at > 0 && worths[at - 1]! < worth) at--;
    best.splice(at, 0, entry);
    worths.splice(at, 0, worth);
    if (best.length > most) { best.pop(); worths.pop(); }
  }
  return best;
}

export type Verb =
  | { verb: "run"; script: string; on: string[] }
  | { verb: "verify" | "terminal"; on: string[] }
  | { verb: "theme"; theme: string };

/** What a typed text orders: `run baseline on tag:prod`, `verify db-01`, `terminal db-01`, `theme blue`; null if nothing. Pure. */
export function order(text: string): Verb | null {
  const [verb, ...rest] = text.trim().split(/\s+/);
  if (!verb || !rest.length) return null;
  switch (verb.toLowerCase()) {
    case "run": {
      const on = rest.findIndex(word => word.toLowerCase() === "on");
      const script = (on < 0 ? rest : rest.slice(0, on)).join(" ");
      const targets = (on < 0 ? [] : rest.slice(on + 1)).flatMap(word => word.split(",")).filter(Boolean);
      return script ? { verb: "run", script, on: targets } : null;
    }
    case "verify": return { verb: "verify", on: rest.flatMap(word => word.split(",")).filter(Boolean) };
    case "terminal": case "ssh": return { verb: "terminal", on: rest.flatMap(word => word.split(",")).filter(Boolean) };
    case "theme": return { verb: "theme", theme: rest[0]!.toLowerCase() };
    default: return null;
  }
}
