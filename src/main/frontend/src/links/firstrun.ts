import { initial } from "../flags";
import type { Link, Script } from "../types";

/** A first run that changes nothing, ready to be looked over and sent. */
export interface FirstRun { script: Script; flags: string[]; links: string[]; /** Why it is harmless. */ harmless: string }

const MOST = 10;
const DRY = "--dry-run";
const asksNothing = (s: Script) => !initial(s.flags).length && s.parameters.every(p => !p.required || p.default !== null);

/**
 * What somebody who has never run anything could run: a script tagged read-only, or else one with a dry run, on a few
 * enrolled links that are up, none of them tagged prod if there are others. Null where nothing is known to be harmless. Pure.
 */
export function firstRun(scripts: readonly Script[], links: readonly Link[]): FirstRun | null {
  const quickest = (list: Script[]) => list.sort((a, b) => (a.estimate_ms ?? Infinity) - (b.estimate_ms ?? Infinity) || (a.id < b.id ? -1 : 1))[0];
  const able = scripts.filter(asksNothing);
  const reader = quickest(able.filter(s => s.tags.includes("read-only"))), dry = reader ? undefined : quickest(able.filter(s => s.flags.includes(DRY)));
  const script = reader ?? dry;
  const fit = links.filter(l => l.enrollment.status === "enrolled" && l.health.status !== "offline" && !l.health.maintenance && !l.retired);
  const calm = fit.filter(l => !l.tags.includes("prod"));
  const chosen = (calm.length ? calm : fit).map(l => l.id).sort().slice(0, MOST);
  if (!script || !chosen.length) return null;
  return { script, flags: dry ? [DRY] : [], links: chosen, harmless: dry ? "with --dry-run it only says what it would do" : "it is tagged read-only" };
}
