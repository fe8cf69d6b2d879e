import { signal } from "@preact/signals";
import type { Batches } from "./types/operations";

/** What the New run sheet starts from; null while it is closed. */
export interface Draft {
  scripts: string[];
  flags: Record<string, string[]>;
  parameters: Record<string, Record<string, string>>;
  selectors: string[];
  picked: string[];
  concurrency?: number;
  batch?: Batches | null;
}
export const draft = signal<Draft | null>(null);

export function newRun(from: Partial<Draft> = {}): void {
  draft.value = { scripts: [], flags: {}, parameters: {}, selectors: [], picked: [], ...from };
}
