import type { Counts, ExecutionStatus } from "../types";
import { tone, wording, type Tone } from "./basic";

export const finalStates: ExecutionStatus[] = ["success", "failed", "timeout", "lost", "interrupted", "stopped", "skipped"];
const order: ExecutionStatus[] = ["success", "failed", "timeout", "lost", "interrupted", "stopped", "skipped", "running"];

export const totalOf = (counts: Counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);
export const doneOf = (counts: Counts) => finalStates.reduce((sum, s) => sum + (counts[s] ?? 0), 0);

/** How far an operation is, one segment for each outcome. */
export function Progress({ counts, label, small }: { counts: Counts; label: string; small?: boolean }) {
  const total = totalOf(counts) || 1;
  const words = order.filter(s => counts[s]).map(s => `${counts[s]} ${wording(s).toLowerCase()}`).join(", ");
  return <div class={small ? "progress small" : "progress"} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={total} aria-valuenow={doneOf(counts)} aria-valuetext={`${doneOf(counts)} of ${total} finished${words ? `: ${words}` : ""}`}>
    {order.map(state => counts[state] ? <i key={state} class={`seg-${tone(state) satisfies Tone}`} style={{ width: `${counts[state] / total * 100}%` }} /> : null)}
  </div>;
}
