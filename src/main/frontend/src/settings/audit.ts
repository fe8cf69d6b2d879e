import type { AuditRow } from "../types/settings";

/** An admin's change has two rows: that it begins, and its result. The first is folded into the second where both are there. Pure. */
export function folded(rows: readonly AuditRow[]): { rows: AuditRow[]; begun: ReadonlyMap<number, number> } {
  const ended = new Map<string, number>();
  for (const row of rows) if (row.result !== "begun" && row.request_id) ended.set(`${row.request_id} ${row.action}`, row.sequence);
  const begun = new Map<number, number>();
  const left = rows.filter(row => {
    const end = row.result === "begun" ? ended.get(`${row.request_id} ${row.action}`) : undefined;
    if (end === undefined) return true;
    begun.set(end, row.sequence);
    return false;
  });
  return { rows: left, begun };
}

/** Whether a row holds all words of a text, anywhere. */
export function holds(row: AuditRow, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const all = [row.user, row.action, row.kind, row.resource, row.address, row.result, row.request_id, ...Object.entries(row.details).flat()].join(" ").toLowerCase();
  return words.every(word => all.includes(word));
}

/** A span of time as the address has it (`1h`, `24h`, `7d`, or two times with `..` between) as the API wants it. */
export function span(text: string | null, now: number): { from?: string; to?: string } {
  const ago = /^(\d{1,4})([hd])$/.exec(text ?? "");
  if (ago) return { from: new Date(now - Number(ago[1]) * (ago[2] === "h" ? 3_600_000 : 86_400_000)).toISOString() };
  const [from, to] = (text ?? "").split("..");
  const iso = (value: string | undefined) => value && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
  const begin = iso(from), end = iso(to);
  return { ...(begin ? { from: begin } : {}), ...(end ? { to: end } : {}) };
}
