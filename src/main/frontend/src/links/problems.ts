import type { Link, Summary } from "../types";
import { isOver, what } from "../types";
import type { GitState } from "../types/fleet";

export interface Problem { key: string; tone: "bad" | "warn"; title: string; text: string; to: string; weight: number; count: number; at?: string | null }

const DAY = 86_400_000;
const words: Record<string, [title: string, weight: number, tone: Problem["tone"]]> = {
  host_key_changed: ["Host key changed", 90, "bad"], client_id_mismatch: ["Another client id than expected", 80, "bad"],
  offline: ["Offline", 70, "bad"], unreachable: ["Unreachable", 70, "bad"], login_refused: ["SSH key not accepted", 65, "bad"], unresolved: ["Host name does not resolve", 65, "bad"],
  jump_host: ["Behind a jump host that is down", 62, "bad"], host_key_unknown: ["Host key to be confirmed", 60, "warn"],
  client_id_missing: ["No client id on the machine", 55, "warn"], client_id_denied: ["Client id may not be read", 55, "warn"],
};
const named = (list: readonly Link[]) => list.length <= 3 ? list.map(l => l.id).join(", ") : `${list.slice(0, 3).map(l => l.id).join(", ")} and ${(list.length - 3).toLocaleString("en")} more`;

/** The trouble a link is in, in a stable word; null if it is in none, or down in a maintenance window. */
export function troubleOf(link: Link): string | null {
  if (link.enrollment.status === "refused") return link.enrollment.reason ?? "refused";
  if (link.health.status !== "offline" || link.health.maintenance) return null;
  return link.health.reason === "jump_host" ? "jump_host" : "offline";
}

const filterOf = (reason: string) => reason === "offline" ? "status:offline -enrollment:refused -cause:jump_host -is:maintenance" : reason === "jump_host" ? "status:offline cause:jump_host -is:maintenance" : `reason:${reason}`;

/** What needs a person, worst first; the same trouble on many machines is one line. */
export function problems(links: readonly Link[], operations: readonly Summary[], git: GitState | null, now: number): Problem[] {
  const out: Problem[] = [];
  const last = git?.last_sync;
  if (git?.held && !git.held.rejected_by) out.push({ key: "held", tone: "warn", weight: 95, count: 1, title: "A Git sync is held back", text: git.held.reasons[0]?.text ?? "An admin has to look at it.", to: "/settings/git", at: git.held.held_at });
  else if (last && !last.success) out.push({ key: "git", tone: "bad", weight: 100, count: 1, title: "The last Git sync failed", text: last.error ?? last.error_code ?? "", to: "/settings/git", at: last.ended_at });
  const groups = new Map<string, Link[]>();
  for (const link of links) {
    const reason = troubleOf(link);
    if (reason) { const list = groups.get(reason); if (list) list.push(link); else groups.set(reason, [link]); }
  }
  for (const [reason, list] of groups) {
    const [title, weight, tone] = words[reason] ?? [reason.charAt(0).toUpperCase() + reason.slice(1).replaceAll("_", " "), 50, "warn"];
    const one = list.length === 1 ? list[0]! : null;
    out.push({ key: reason, tone, weight: weight + Math.min(9, list.length / 10), count: list.length, title: `${title}: ${one ? one.id : `${list.length.toLocaleString("en")} links`}`,
      text: one ? one.enrollment.status === "refused" ? one.enrollment.error ?? "" : one.health.error ?? "It does not answer." : named(list),
      to: one ? `/links/${encodeURIComponent(one.id)}` : `/links?q=${encodeURIComponent(filterOf(reason))}` });
  }
  // What a verification found is told by the links themselves.
  const failed = operations.filter(o => o.kind === "script" && isOver(o.status) && o.status !== "success" && o.status !== "stopped" && now - Date.parse(o.queued_at) < DAY);
  for (const o of failed.sort((a, b) => b.queued_at < a.queued_at ? -1 : 1).slice(0, 5)) {
    out.push({ key: o.id, tone: o.status === "failed" ? "bad" : "warn", weight: 40, count: 1, title: `${what(o)} ${o.status === "partial" ? "failed on some links" : o.status}`, text: o.reason ?? `${o.started_by} on ${o.selectors.slice(0, 3).join(", ")}`, to: `/operations/${o.id}`, at: o.ended_at });
  }
  return out.sort((a, b) => b.weight - a.weight);
}
