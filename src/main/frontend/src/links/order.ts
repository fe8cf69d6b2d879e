import type { Link } from "../types";

const rank = { offline: 0, unknown: 1, online: 2, refused: 0, unverified: 1, enrolled: 2 };
const LAST = "\uffff";
const keys = {
  id: (l: Link) => l.id, status: (l: Link) => rank[l.health.status], type: (l: Link) => l.type, host: (l: Link) => l.host, provider: (l: Link) => l.provider ?? LAST,
  enrollment: (l: Link) => rank[l.enrollment.status], latency: (l: Link) => l.health.latency_ms ?? Infinity, via: (l: Link) => l.ssh.proxy_jump ?? LAST, key: (l: Link) => l.ssh.key_ref ?? LAST,
  // The newest come first.
  last_seen: (l: Link) => -Date.parse(l.health.last_seen ?? "1970-01-01"), checked_at: (l: Link) => -Date.parse(l.health.checked_at ?? "1970-01-01"),
} satisfies Record<string, (l: Link) => string | number>;
export type SortKey = keyof typeof keys;

/** Ties are broken by id, so that the order is the same each time. */
export function sorted(list: readonly Link[], by: SortKey, down: boolean): readonly Link[] {
  const key: (l: Link) => string | number = keys[by] ?? keys.id;
  const keyed = list.map(link => ({ link, key: key(link) }));
  const sign = down ? -1 : 1;
  keyed.sort((a, b) => a.key < b.key ? -sign : a.key > b.key ? sign : a.link.id < b.link.id ? -1 : 1);
  return keyed.map(k => k.link);
}
