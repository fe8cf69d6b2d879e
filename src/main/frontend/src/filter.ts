import type { Link } from "./types";

/**
 * The filter language of the links: words that must all hold. `type:VM status:offline tag:web enrollment:refused`,
 * alternatives with commas (`status:offline,unknown`), numbers (`latency>100`), globs (`db-*`), quotes (`"a b"`), and
 * any of them turned round by a leading `-` or `!`. `retired` (or `is:retired`) means links gone from Git. Any other word is looked for in id, host, user, provider and tags.
 */
export interface Filter { test(link: Link): boolean; unknown: string[]; /** Whether it asks for links that are gone from Git. */ retired: boolean }

type Test = (link: Link) => boolean;
const fields: Record<string, (link: Link) => readonly string[]> = {
  id: l => [l.id], name: l => [l.id], type: l => [l.type], provider: l => [l.provider ?? ""], host: l => [l.host],
  user: l => [l.user], tag: l => l.tags, status: l => [l.health.status], enrollment: l => [l.enrollment.status],
  reason: l => [l.enrollment.reason ?? ""], via: l => [l.ssh.proxy_jump ?? ""], key: l => [l.ssh.key_ref ?? ""],
  cause: l => [l.health.reason ?? ""], stage: l => [l.health.stage ?? ""], hop: l => [l.health.hop ?? ""],
  is: l => [...(l.retired ? ["retired"] : []), ...(l.health.maintenance ? ["maintenance"] : []), ...(l.host_key.offered ? ["unconfirmed"] : [])],
};
const exact = new Set(["type", "status", "enrollment", "tag", "is", "via", "cause", "stage"]);
const numbers: Record<string, (link: Link) => number | null> = {
  latency: l => l.health.latency_ms, port: l => l.port,
};
export const fieldNames = ["type", "status", "enrollment", "tag", "provider", "host", "user", "id", "reason", "via", "key", "latency", "port", "cause", "stage", "hop", "is"];

/** Splits at white space outside quotes. */
export function words(text: string): string[] {
  return [...text.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(m => m[0]);
}

/** A word that asks for this value, quoted where it would be several. */
export const term = (name: string, value: string) => /\s/.test(value) ? `${name}:"${value}"` : `${name}:${value}`;

const glob = (pattern: string) =>
  new RegExp(`^${pattern.split("*").map(part => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "i");

function matcher(value: string, whole: boolean): (text: string) => boolean {
  if (value.includes("*")) {
    const expression = glob(value);
    return text => expression.test(text);
  }
  const wanted = value.toLowerCase();
  return whole ? text => text.toLowerCase() === wanted : text => text.toLowerCase().includes(wanted);
}

const plainTest = (value: string): Test => {
  const matches = matcher(value, false);
  return l => matches(l.id) || matches(l.host) || matches(l.user) || matches(l.provider ?? "") || l.tags.some(matches);
};

function word(text: string, unknown: string[]): Test {
  if (text === "retired") return l => l.retired;
  const compared = /^(\w+)(>=|<=|>|<)(\d+)$/.exec(text);
  if (compared && numbers[compared[1]!.toLowerCase()]) {
    const of = numbers[compared[1]!.toLowerCase()]!, limit = Number(compared[3]);
    const holds = { ">": (n: number) => n > limit, "<": (n: number) => n < limit, ">=": (n: number) => n >= limit, "<=": (n: number) => n <= limit }[compared[2] as ">"];
    return l => { const n = of(l); return n !== null && holds(n); };
  }
  const colon = text.indexOf(":");
  if (colon > 0) {
    const name = text.slice(0, colon).toLowerCase();
    const values = text.slice(colon + 1).replaceAll('"', "").split(",").filter(Boolean);
    if (!values.length && (fields[name] || numbers[name])) return () => true; // still being typed
    const field = fields[name];
    if (field) {
      const matches = values.map(v => matcher(v, exact.has(name)));
      return l => field(l).some(text => matches.some(m => m(text)));
    }
    const of = numbers[name];
    if (of) return l => values.some(v => of(l) === Number(v));
    if (/^[a-z_]+$/i.test(name) && !text.includes("::")) unknown.push(name);
  }
  return plainTest(text.replaceAll('"', ""));
}

export function parse(text: string): Filter {
  const unknown: string[] = [];
  let retired = false;
  const tests = words(text).map(raw => {
    const not = /^[-!]./.test(raw);
    if (!not && (raw === "retired" || /^is:(.*,)?retired/i.test(raw))) retired = true;
    const test = word(not ? raw.slice(1) : raw, unknown);
    return not ? (l: Link) => !test(l) : test;
  });
  return { test: link => tests.every(holds => holds(link)), unknown, retired };
}

/** Adds a word, or takes it out if it is there: what a filter button does. */
export function toggle(text: string, term: string): string {
  const have = words(text);
  return (have.includes(term) ? have.filter(w => w !== term) : [...have, term]).join(" ");
}

/**
 * Links that target selectors mean (an id, a glob, `tag:web`, `type:VM`, each negated by `!`), in the order of the
 * selectors; only a preview, the server decides. Selectors that mean nothing are named.
 */
export function resolve(selectors: readonly string[], links: readonly Link[]): { links: Link[]; empty: string[] } {
  const chosen = new Map<string, Link>();
  const out: ((link: Link) => boolean)[] = [];
  const empty: string[] = [];
  const byId = new Map(links.map(l => [l.id, l]));
  const selector = (text: string): Test => {
    if (text.startsWith("tag:")) { const matches = matcher(text.slice(4), true); return l => l.tags.some(matches); }
    if (text.startsWith("type:")) { const matches = matcher(text.slice(5), true); return l => matches(l.type); }
    const matches = matcher(text, true);
    return l => matches(l.id);
  };
  for (const text of selectors) {
    if (text.startsWith("!")) { out.push(selector(text.slice(1))); continue; }
    const only = byId.get(text);
    const found = only ? [only] : links.filter(selector(text)).sort((a, b) => a.id < b.id ? -1 : 1);
    if (!found.length) empty.push(text);
    for (const link of found) chosen.set(link.id, link);
  }
  return { links: [...chosen.values()].filter(l => !out.some(leaves => leaves(l))), empty };
}
