import type { Batches, Execution, ExecutionStatus, Operation, Parameter, Script } from "./types/operations";

/** Words as a shell would have to be told them. */
export const quote = (words: readonly string[]) =>
  words.map(w => /^[\w@%+=:,./-]+$/.test(w) ? w : `'${w.replaceAll("'", "'\\''")}'`).join(" ");

/** What a parameter's input starts as; a switch is always on or off. */
export const preset = (p: Parameter) => p.default ?? (p.type === "bool" ? "false" : "");

/** What is wrong with a value, as far as the browser can tell; the server has the last word. */
export function parameterProblem(p: Parameter, value: string): string | null {
  if (value === "") return p.required && p.default === null ? "It needs a value." : null;
  if (p.type === "int") {
    if (!/^-?\d{1,19}$/.test(value)) return "It needs a whole number.";
    const n = BigInt(value);
    if (p.min !== null && n < BigInt(p.min) || p.max !== null && n > BigInt(p.max)) return `It must be ${range(p)}.`;
  }
  if (p.type === "enum" && !p.values.includes(value)) return `It must be one of ${p.values.join(", ")}.`;
  if (p.type === "text") {
    if ([...value].length > p.max_length) return `It may have ${p.max_length} characters at most.`;
    if (value.includes("\0")) return "It cannot hold a NUL character.";
    if (p.pattern !== null && !fits(p.pattern, value)) return `It must match ${p.pattern}`;
  }
  return null;
}

export const range = (p: Parameter) => p.min !== null && p.max !== null ? `${p.min} to ${p.max}` : p.min !== null ? `${p.min} or more` : p.max !== null ? `${p.max} or less` : "a whole number";

/** RE2 and the browser agree on most patterns; what the browser cannot read is left to the server. */
function fits(pattern: string, value: string): boolean {
  try { return new RegExp(`^(?:${pattern})$`, "u").test(value); } catch { return true; }
}

/** Values as the API takes them; what is empty is left to the catalog's default. */
export function parameterValues(parameters: readonly Parameter[], given: Readonly<Record<string, string>>): Record<string, string | number | boolean> {
  const out: Record<string, string | number | boolean> = {};
  for (const p of parameters) {
    const value = given[p.name] ?? preset(p);
    if (p.type === "bool") out[p.name] = value === "true";
    else if (value !== "") out[p.name] = p.type === "int" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }
  return out;
}

/** The arguments that were given besides those that parameters came to. */
export function ownArguments(all: readonly string[], parameters: readonly Parameter[], values: Readonly<Record<string, string>>): string[] {
  const left = [...all];
  for (const p of parameters) {
    const value = values[p.name];
    if (value === undefined || !p.flag) continue;
    const at = left.indexOf(p.type === "bool" ? p.flag : `${p.flag}=${value}`);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/** Targets of each batch, as the server cuts them. */
export function batchSizes(b: Batches | null, targets: number): number[] {
  if (!b || !targets) return targets ? [targets] : [];
  const sizes: number[] = [];
  let left = targets;
  if (b.canary) { sizes.push(Math.min(b.canary, targets)); left -= sizes[0]!; }
  const size = b.size ?? (b.percent ? Math.ceil(targets * b.percent / 100) : targets);
  for (; left > 0; left -= sizes.at(-1)!) sizes.push(Math.min(size, left));
  return sizes;
}

/** How many targets may fail before nothing starts any more; null for no such limit. */
export const failureLimit = (b: Batches, targets: number) =>
  b.max_failures ?? (b.max_failure_percent == null ? null : Math.floor(targets * b.max_failure_percent / 100));

export const urgency: Record<ExecutionStatus, number> = { failed: 0, timeout: 0, lost: 1, interrupted: 1, running: 2, queued: 3, stopped: 4, success: 5, skipped: 6 };

/** One link of an operation: the execution that tells most about it, and all of them. */
export interface Square { target: string; execution: Execution; status: ExecutionStatus }

/** One square per target, in the operation's order; of several scripts the worst outcome stands for it. */
export function squares(executions: readonly Execution[]): Square[] {
  const found = new Map<string, Square>();
  for (const e of executions) {
    const before = found.get(e.target);
    if (!before) found.set(e.target, { target: e.target, execution: e, status: e.status });
    else if (urgency[e.status] < urgency[before.status]) { before.execution = e; before.status = e.status; }
  }
  return [...found.values()];
}

export const retried: ExecutionStatus[] = ["failed", "timeout", "lost", "interrupted", "stopped", "skipped"];

/** What a retry of these outcomes would run: how many executions on how many targets. */
export function retryOf(operation: Operation, statuses: ReadonlySet<string>, targets: ReadonlySet<string> | null): { executions: number; targets: string[] } {
  const chosen = operation.executions.filter(e => statuses.has(e.status) && (!targets || targets.has(e.target)));
  return { executions: chosen.length, targets: [...new Set(chosen.map(e => e.target))] };
}

/** Whether a script has every word of a search in its name, description, path or tags. */
export const matches = (script: Script, text: string) => text.toLowerCase().split(/\s+/).filter(Boolean)
  .every(word => [script.id, script.name, script.description, script.path, ...script.tags.map(t => `tag:${t}`)].some(f => f.toLowerCase().includes(word)));

const cronFields: [string, number, number][] = [["Minute", 0, 59], ["Hour", 0, 23], ["Day", 1, 31], ["Month", 1, 12], ["Weekday", 0, 7]];

/** What is plainly wrong with a cron expression; the server knows the rest. */
export function cronProblem(cron: string): string | null {
  const text = cron.trim();
  if (text.startsWith("@")) return /^@(yearly|monthly|weekly|daily|hourly)$/.test(text) ? null : "Of those with @ there are @hourly, @daily, @weekly, @monthly and @yearly.";
  const fields = text.split(/\s+/);
  if (fields.length !== 5) return `It needs five fields (minute, hour, day, month, weekday); it has ${text ? fields.length : "none"}.`;
  for (let i = 0; i < 5; i++) {
    const [name, min, max] = cronFields[i]!;
    if (!/^[\w*,/-]+$/.test(fields[i]!)) return `${name}: “${fields[i]}” is no time.`;
    const wrong = fields[i]!.split(",").flatMap(part => part.split("/")[0]!.split("-")).find(n => n === "" || /^\d+$/.test(n) && (Number(n) < min || Number(n) > max));
    if (wrong !== undefined) return `${name}: ${wrong || "something"} is ${wrong ? `not from ${min} to ${max}` : "missing"}.`;
  }
  return null;
}
