/** What this browser keeps of a person's choices; where storage is forbidden they hold for the page only. */
const memory = new Map<string, string>();
const name = (key: string) => `linkops.${key}`;

export function recall(key: string): string | null {
  try { return localStorage.getItem(name(key)); } catch { return memory.get(key) ?? null; }
}

export function remember(key: string, value: string): void {
  try { localStorage.setItem(name(key), value); } catch { memory.set(key, value); }
}
