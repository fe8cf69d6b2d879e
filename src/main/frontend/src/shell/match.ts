/** Something the palette leads to. `key` is what is searched, in small letters. */
export interface Entry { id: string; key: string }

const boundary = (text: string, at: number) => at === 0 || !/[a-z0-9]/.test(text[at - 1]!);

/** How well a word is found in a text, both in small letters; 0 if it is not. */
export function score(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return text.length === word.length ? 1000 : 800 - Math.min(99, text.length);
  if (at > 0) {
    // A later place may be the beginning of a word.
    let best = at;
    for (let i = at; i >= 0; i = text.indexOf(word, i + 1)) if (boundary(text, i)) { best = i; break; }
    return (boundary(text, best) ? 600 : 400) - Math.min(99, best);
  }
  if (word.length < 2) return 0;
  // Letters in order, with gaps: few and short ones count more.
  let from = 0, gaps = 0, last = -1;
  for (const letter of word) {
    const found = text.indexOf(letter, from);
    if (found < 0) return 0;
    if (last >= 0 && found > last + 1) gaps += boundary(text, found) ? 1 : Math.min(8, found - last);
    last = found;
    from = found + letter.length;
  }
  const worth = 200 - gaps * 8;
  return worth > 60 ? worth : 0;
}

/** The best entries for a text, each word of it somewhere; ties keep the order they came in. Pure. */
export function rank<T extends Entry>(entries: readonly T[], text: string, most: number, liked: (id: string) => number = () => 0): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found: { entry: T; worth: number; at: number }[] = [];
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at]!;
    let worth = 0;
    for (const word of words) {
      const one = score(word, entry.key);
      if (one === 0) { worth = -1; break; }
      worth += one;
    }
    if (worth >= 0) found.push({ entry, worth: worth / Math.max(1, words.length) + liked(entry.id), at });
  }
  return found.sort((a, b) => b.worth - a.worth || a.at - b.at).slice(0, most).map(f => f.entry);
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
