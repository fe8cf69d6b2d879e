import { signal } from "@preact/signals";
import { ownArguments } from "./plan";
import { scripts } from "./live/fleet";
import type { Operation } from "./types";
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

/** The same scripts as they are by now, with the same values, to be looked over before they run again. */
export function runAsNew(operation: Operation): void {
  const flags: Draft["flags"] = {}, parameters: Draft["parameters"] = {};
  for (const input of operation.inputs) {
    flags[input.script] = ownArguments(input.arguments, scripts.peek().find(s => s.id === input.script)?.parameters ?? [], input.parameters);
    parameters[input.script] = input.parameters;
  }
  newRun({ scripts: operation.scripts, flags, parameters, concurrency: operation.concurrency, batch: operation.batch, selectors: operation.selectors });
}
