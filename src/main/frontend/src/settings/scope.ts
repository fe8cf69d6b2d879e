import type { Scope } from "../types/settings";

interface Target { id: string; type: string; tags: string[] }

/** Whether a glob with `*` and `?` means this name. */
function means(glob: string, name: string): boolean {
  if (!/[*?]/.test(glob)) return glob === name;
  return new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(name);
}

function names(selector: string, link: Target): boolean {
  if (selector.startsWith("tag:")) return link.tags.some(tag => means(selector.slice(4), tag));
  if (selector.startsWith("type:")) return means(selector.slice(5), link.type);
  return means(selector, link.id);
}

/** Whether a scope lets somebody at a link: one entry means it and no negated one does. For showing only; the server decides. */
export function admits(scope: Scope | null, link: Target): boolean {
  if (!scope?.targets.length) return true;
  const no = scope.targets.filter(t => t.startsWith("!")).map(t => t.slice(1));
  const yes = scope.targets.filter(t => !t.startsWith("!"));
  return (yes.length === 0 || yes.some(s => names(s, link))) && !no.some(s => names(s, link));
}

const listed = (all: string[], last: string) => all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} ${last} ${all.at(-1)}`;

function part(entries: string[], everything: string): string {
  const yes = entries.filter(e => !e.startsWith("!")), no = entries.filter(e => e.startsWith("!")).map(e => e.slice(1));
  return `${yes.length ? listed(yes, "and") : everything}${no.length ? `, but not ${listed(no, "or")}` : ""}`;
}

/** A role and its scope as a sentence: who may do what where. */
export function allowed(role: string, scope: Scope | null): string {
  const where = part(scope?.targets ?? [], "every link"), what = part(scope?.scripts ?? [], "every script");
  if (role === "viewer") return `Sees ${where}; runs nothing.`;
  const terminals = scope?.scripts.length ? " No terminals." : " Terminals there too.";
  const runs = `${role === "admin" && !scope ? "Everything, and runs" : "Runs"} ${what} on ${where}.`;
  return role === "admin" && scope ? `${runs}${terminals} Settings of the whole fleet are closed to a scope.` : `${runs}${terminals}`;
}

/** Entries as people type them: with spaces, commas or new lines between. */
export const entries = (text: string) => [...new Set(text.split(/[\s,]+/).filter(Boolean))];

/** The two texts of a form as the API takes them; null where they narrow nothing. */
export function scopeOf(targets: string, scripts: string): Scope | null {
  const scope = { targets: entries(targets), scripts: entries(scripts) };
  return scope.targets.length || scope.scripts.length ? scope : null;
}
