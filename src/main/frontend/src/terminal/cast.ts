/** One thing a recording shows, so many seconds after its beginning. */
export interface Moment { at: number; kind: "o" | "r" | "m"; data: string }
export interface Cast { cols: number; rows: number; moments: Moment[]; length: number }

/** Reads an asciicast of version 2. A last line that is cut (of a shell that is open) is left out. */
export function read(text: string): Cast {
  const lines = text.split("\n");
  let head: { version?: number; width?: number; height?: number };
  try { head = JSON.parse(lines[0] ?? "") as typeof head; } catch { throw new Error("This file is no asciicast: its first line is not JSON."); }
  if (head.version !== 2) throw new Error(`This is an asciicast of version ${head.version ?? "unknown"}; only version 2 can be shown.`);
  const moments: Moment[] = [];
  let last = 0;
  for (const line of lines.slice(1)) {
    if (!line) continue;
    try {
      const [at, kind, data] = JSON.parse(line) as [number, string, string];
      if (typeof at !== "number" || typeof data !== "string" || (kind !== "o" && kind !== "r" && kind !== "m")) continue;
      last = Math.max(last, at);
      moments.push({ at: last, kind, data });
    } catch { /* cut */ }
  }
  const size = (n: number | undefined, otherwise: number) => Math.max(1, Math.min(1000, Math.round(n ?? otherwise) || otherwise));
  return { cols: size(head.width, 80), rows: size(head.height, 24), moments, length: last };
}

export function sizeOf(moment: Moment): { cols: number; rows: number } | null {
  const found = /^(\d{1,4})x(\d{1,4})$/.exec(moment.data);
  return found && { cols: Math.max(1, Math.min(1000, Number(found[1]))), rows: Math.max(1, Math.min(1000, Number(found[2]))) };
}

/** Where to stop next: long silences are cut to `most` seconds when asked to. */
export function squeeze(cast: Cast, most: number): Cast {
  let cut = 0, before = 0;
  const moments = cast.moments.map(moment => {
    cut += Math.max(0, moment.at - before - most);
    before = moment.at;
    return { ...moment, at: moment.at - cut };
  });
  return { ...cast, moments, length: moments.at(-1)?.at ?? 0 };
}

/** The first moment after this time. */
export function after(moments: readonly Moment[], time: number): number {
  let low = 0, high = moments.length;
  while (low < high) { const mid = (low + high) >> 1; if (moments[mid]!.at <= time) low = mid + 1; else high = mid; }
  return low;
}

export const stamp = (seconds: number) => {
  const s = Math.floor(Math.max(0, seconds)), rest = `${String(Math.floor(s / 60) % 60).padStart(s >= 3600 ? 2 : 1, "0")}:${String(s % 60).padStart(2, "0")}`;
  return s >= 3600 ? `${Math.floor(s / 3600)}:${rest}` : rest;
};
