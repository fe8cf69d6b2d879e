/** What a script's declared flags ask of its arguments. A flag reads `--dry-run`, `--ban-time=3600` or `--to=REQUIRED`. */
export interface Flag { name: string; preset: string | null; required: boolean }

export function flag(declared: string): Flag {
  const at = declared.indexOf("=");
  const name = at < 0 ? declared : declared.slice(0, at);
  const value = at < 0 ? null : declared.slice(at + 1);
  return { name, preset: value === "REQUIRED" ? "" : value, required: value === "REQUIRED" };
}

/** The argument a flag starts as. */
export const starting = (f: Flag) => f.preset === null ? f.name : `${f.name}=${f.preset}`;

export const uses = (argument: string, f: Flag) => argument === f.name || argument.startsWith(`${f.name}=`);

/** The arguments a script starts with: those it cannot do without. */
export const initial = (declared: readonly string[]) => declared.map(flag).filter(f => f.required).map(starting);

/** What is wrong with each argument, and which required flags are missing. */
export function check(declared: readonly string[], given: readonly string[]): { missing: string[]; wrong: Map<number, string> } {
  const missing: string[] = [];
  const wrong = new Map<number, string>();
  given.forEach((argument, i) => { if (argument.includes("\0")) wrong.set(i, "An argument cannot hold a NUL character."); });
  for (const f of declared.map(flag).filter(f => f.required)) {
    const at = given.findIndex(argument => uses(argument, f));
    if (at < 0) { missing.push(f.name); continue; }
    const follows = given[at] === f.name ? given[at + 1] : undefined;
    const value = given[at] === f.name ? (follows?.startsWith("--") ? "" : follows ?? "") : given[at]!.slice(f.name.length + 1);
    if (!value || value === "REQUIRED") wrong.set(at, `${f.name} needs a value.`);
  }
  return { missing, wrong };
}
