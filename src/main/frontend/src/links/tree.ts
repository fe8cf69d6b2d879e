import type { Link } from "../types";

/** Pure: which link is reached through which, and where each stands on the map. */

export interface Branch { link: Link | null; id: string; depth: number; behind: number; offline: number; children: Branch[] }
/** What is drawn: the root, a link, or a tile that stands for many. */
export interface Spot { key: string; kind: "root" | "link" | "tile"; link: Link | null; links: readonly Link[]; parent: string | null; children: string[]; depth: number; x: number; y: number; behind: number; offline: number }
export interface Plan { spots: Spot[]; byKey: Map<string, Spot>; width: number; height: number }

export const ROOT = "\0root";
export const STEP_X = 244, STEP_Y = 34, SPOT_W = 196, SPOT_H = 26;
const FOLD_ABOVE = 24;
/** Above this many links even small groups fold: nobody reads them all at once. */
const MANY = 1500, FOLD_OF_MANY = 6;

/** The tree of jumps. A jump host that is not in the inventory, or a circle, leads straight from LinkOps. */
export function tree(links: readonly Link[]): Branch {
  const byId = new Map(links.map(l => [l.id, l]));
  const children = new Map<string, Link[]>();
  const circular = (link: Link) => {
    const seen = new Set<string>();
    for (let at: Link | undefined = link; at?.ssh.proxy_jump; at = byId.get(at.ssh.proxy_jump)) {
      if (seen.has(at.id)) return seen.has(link.id);
      seen.add(at.id);
    }
    return false;
  };
  for (const link of links) {
    const via = link.ssh.proxy_jump;
    const parent = via !== null && byId.has(via) && !circular(link) ? via : ROOT;
    const list = children.get(parent);
    if (list) list.push(link); else children.set(parent, [link]);
  }
  const build = (link: Link | null, depth: number): Branch => {
    const id = link?.id ?? ROOT;
    const below = (children.get(id) ?? []).map(l => build(l, depth + 1));
    below.sort((a, b) => Number(b.children.length > 0) - Number(a.children.length > 0) || (a.link!.type < b.link!.type ? -1 : a.link!.type > b.link!.type ? 1 : a.id < b.id ? -1 : 1));
    const behind = below.reduce((n, b) => n + 1 + b.behind, 0);
    const offline = below.reduce((n, b) => n + b.offline + (b.link!.health.status === "offline" ? 1 : 0), 0);
    return { link, id, depth, behind, offline, children: below };
  };
  return build(null, 0);
}

/** The branch of one link; null if there is no such link. */
export function branchOf(branch: Branch, id: string): Branch | null {
  if (branch.id === id) return branch;
  for (const child of branch.children) { const found = branchOf(child, id); if (found) return found; }
  return null;
}

/**
 * Places: LinkOps left, each jump a column further right, leaves one under the other. Leaves of one type beside each
 * other fold into a tile when there are many of them, unless their tile is opened. Links that are searched for are
 * never folded.
 */
export function plan(root: Branch, opened: ReadonlySet<string>, searched: ReadonlySet<string> | null): Plan {
  const fold = root.behind > MANY ? FOLD_OF_MANY : FOLD_ABOVE;
  const spots: Spot[] = [], byKey = new Map<string, Spot>();
  let row = 0, deepest = 0;
  const put = (spot: Spot) => { spots.push(spot); byKey.set(spot.key, spot); deepest = Math.max(deepest, spot.depth); return spot; };
  const place = (branch: Branch, parent: string | null, depth: number): Spot => {
    const spot = put({ key: branch.id, kind: branch.link ? "link" : "root", link: branch.link, links: branch.link ? [branch.link] : [], parent, children: [], depth, x: depth * STEP_X, y: 0, behind: branch.behind, offline: branch.offline });
    const first = row;
    for (const child of branch.children.filter(c => c.children.length)) spot.children.push(place(child, spot.key, depth + 1).key);
    const leaves = branch.children.filter(c => !c.children.length);
    const types = new Map<string, Branch[]>();
    for (const leaf of leaves) { const list = types.get(leaf.link!.type); if (list) list.push(leaf); else types.set(leaf.link!.type, [leaf]); }
    for (const [type, group] of types) {
      const key = `${branch.id}\0${type}`;
      const shown = group.length <= fold || opened.has(key) ? group : searched ? group.filter(b => searched.has(b.id)) : [];
      const folded = shown.length === group.length ? [] : group.filter(b => !shown.includes(b));
      const tile = group.length > fold && (folded.length || opened.has(key));
      if (tile) {
        const all = folded.length ? folded : group;
        spot.children.push(put({ key, kind: "tile", link: null, links: all.map(b => b.link!), parent: spot.key, children: [], depth: depth + 1, x: (depth + 1) * STEP_X, y: row++ * STEP_Y, behind: all.length, offline: all.filter(b => b.link!.health.status === "offline").length }).key);
      }
      for (const leaf of shown) {
        spot.children.push(put({ key: leaf.id, kind: "link", link: leaf.link, links: [leaf.link!], parent: spot.key, children: [], depth: depth + 1, x: (depth + 1) * STEP_X, y: row++ * STEP_Y, behind: 0, offline: 0 }).key);
      }
    }
    if (row === first) spot.y = row++ * STEP_Y;
    else { const ys = spot.children.map(c => byKey.get(c)!.y); spot.y = (ys[0]! + ys.at(-1)!) / 2; }
    return spot;
  };
  place(root, null, 0);
  return { spots, byKey, width: deepest * STEP_X + SPOT_W, height: Math.max(1, row) * STEP_Y };
}

/** Where an arrow leads: right to the first child, left to the parent, up and down along the column. */
export function step(at: Plan, key: string, arrow: "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End"): string {
  const spot = at.byKey.get(key);
  if (!spot || arrow === "Home") return at.spots[0]!.key;
  if (arrow === "ArrowLeft") return spot.parent ?? key;
  if (arrow === "ArrowRight") return [...spot.children].sort((a, b) => Math.abs(at.byKey.get(a)!.y - spot.y) - Math.abs(at.byKey.get(b)!.y - spot.y))[0] ?? key;
  const column = at.spots.filter(s => s.depth === spot.depth).sort((a, b) => a.y - b.y);
  if (arrow === "End") return column.at(-1)!.key;
  return column[column.indexOf(spot) + (arrow === "ArrowDown" ? 1 : -1)]?.key ?? key;
}
