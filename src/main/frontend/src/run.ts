import { signal } from "@preact/signals";
import type { Operation } from "./types";

/** What the New run sheet starts from; null while it is closed. */
export interface Draft { scripts: string[]; flags: Record<string, string[]>; selectors: string[]; picked: string[]; concurrency?: number }
export const draft = signal<Draft | null>(null);

export function newRun(from: Partial<Draft> = {}): void {
  draft.value = { scripts: [], flags: {}, selectors: [], picked: [], ...from };
}

/** The same scripts with the same arguments, on all of the same targets or only where it did not succeed. */
export function runAgain(operation: Operation, onlyUnsuccessful: boolean): void {
  const flags: Record<string, string[]> = {};
  for (const execution of operation.executions) if (execution.script) flags[execution.script] ??= execution.arguments;
  const targets = onlyUnsuccessful ? operation.executions.filter(e => e.status !== "success").map(e => e.target) : [];
  newRun({
    scripts: operation.scripts, flags, concurrency: operation.concurrency,
    ...(onlyUnsuccessful ? { picked: [...new Set(targets)] } : { selectors: operation.selectors }),
  });
}
