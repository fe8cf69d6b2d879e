import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { branchOf, plan, ROOT, SPOT_H, SPOT_W, step, tree, type Plan, type Spot } from "../links/tree";
import { adjust, navigate, query } from "../router";
import type { Link } from "../types";
import { Button, count, Glyph, Icon, many, wording, type Tone } from "../ui/basic";
import type { MapProps } from "./links";

interface Eye { x: number; y: number; k: number }
const NEAR = 2.5, FAR = .12, MARGIN = 28;
const toneOf = (l: Link): Tone => l.health.status === "online" ? "ok" : l.health.status === "offline" ? "bad" : "unknown";
const trouble = (s: Spot) => s.kind === "tile" ? s.offline > 0 : s.link?.health.status === "offline";

/** The shapes of states, drawn on the map: the same as everywhere. */
const Mark = ({ tone }: { tone: Tone }) => tone === "ok" ? <circle class="tone-ok" cx="13" cy="13" r="4.4" fill="var(--tone)" /> : tone === "bad" ? <rect class="tone-bad" x="9" y="9" width="8" height="8" rx="1" fill="var(--tone)" /> : <path class="tone-unknown" d="M13 8.6 17.4 13 13 17.4 8.6 13z" fill="none" stroke="var(--tone)" stroke-width="1.5" />;

const clip = (text: string, room: number) => [...text].length > room ? `${[...text].slice(0, room - 1).join("")}…` : text;

/** The words that stand on it: a name, and a short remark at its right end. */
function face(s: Spot, expanded = false): [who: string, tail: string] {
  if (s.kind === "root") return ["LinkOps", ""];
  if (s.kind === "tile") return [`${expanded ? "Fold " : ""}${clip(`${count(s.links.length)} ${s.links[0]!.type}${s.links.length === 1 ? "" : "s"}`, 16)}`, s.offline ? `${count(s.offline)} offline` : ""];
  return [clip(s.link!.id, s.behind ? 17 : s.link!.enrollment.status === "refused" ? 15 : 22), s.behind ? count(s.behind) : s.link!.enrollment.status === "refused" ? "refused" : ""];
}

/** Its name for those who hear it: what stands on it first, then the rest. */
function told(s: Spot, expanded: boolean): string {
  const [who, tail] = face(s, expanded);
  const l = s.link;
  if (!l) return s.kind === "root" ? `${who}, ${many(s.behind, "link")}` : `${who} ${tail}`.trim();
  return [`${who} ${tail}${s.behind ? ` ${s.behind === 1 ? "link" : "links"} behind it` : ""}`.trim(), ...(who === l.id ? [] : [l.id]), l.type, wording(l.health.status).toLowerCase(),
    ...(l.enrollment.status === "enrolled" || tail === "refused" ? [] : [wording(l.enrollment.status).toLowerCase()]), ...(s.offline ? [`${count(s.offline)} offline behind it`] : [])].join(", ");
}

function Edge({ from, to, lit, faded }: { from: Spot; to: Spot; lit: boolean; faded: boolean }) {
  const x1 = from.x + SPOT_W, y1 = from.y + SPOT_H / 2, x2 = to.x, y2 = to.y + SPOT_H / 2, mid = (x1 + x2) / 2;
  const down = to.kind === "link" && to.link!.health.status === "offline";
  return <g class={faded ? "faded" : undefined}><path class={`edge${down ? " down" : ""}${lit ? " lit" : ""}`} d={`M${x1} ${y1}C${mid} ${y1} ${mid} ${y2} ${x2} ${y2}`} />
    {down && to.behind > 0 && <text class="edge-count" x={x2 - 6} y={y2 - 5} text-anchor="end">{count(to.behind)} behind</text>}</g>;
}

interface NodeProps { spot: Spot; prefix: string; i: number; at: boolean; opened: boolean; found: boolean | null; expanded: boolean; onPress: () => void; onOver: (over: boolean) => void }
function Node({ spot, prefix, i, at, opened, found, expanded, onPress, onOver }: NodeProps) {
  const bad = trouble(spot);
  const [who, tail] = face(spot, expanded);
  return <g id={`${prefix}-${i}`} role="treeitem" aria-level={spot.depth + 1} aria-label={told(spot, expanded)} aria-selected={opened} aria-expanded={spot.kind === "tile" ? expanded : spot.children.length ? true : undefined}
    class={`spot ${spot.kind}${at ? " at" : ""}${opened ? " opened" : ""}${bad ? " bad" : ""}${found === false ? " faded" : ""}${found ? " found" : ""}`} transform={`translate(${spot.x} ${spot.y})`}
    onClick={onPress} onPointerEnter={() => onOver(true)} onPointerLeave={() => onOver(false)}>
    <title>{told(spot, expanded)}</title>
    <rect class="box" width={SPOT_W} height={SPOT_H} rx={spot.kind === "tile" ? 13 : 5} />
    {spot.link && <Mark tone={toneOf(spot.link)} />}
    <text class="who" x={spot.link ? 26 : 14} y="17.5">{who}</text>{" "}
    {tail && <text class={spot.behind && spot.kind === "link" ? "below" : "bad-text"} x={SPOT_W - 11} y="17.5" text-anchor="end">{tail}</text>}
  </g>;
}

/** The way of jumps from LinkOps to each link: what goes down with what. The table says the same in rows. */
export default function MapView({ links, matching, opened, open }: MapProps) {
  const frame = useRef<HTMLDivElement>(null), svg = useRef<SVGSVGElement>(null);
  const prefix = useMemo(() => `m${Math.random().toString(36).slice(2, 8)}`, []);
  const tiles = useSignal<ReadonlySet<string>>(new Set()), cursor = useSignal(ROOT), hover = useSignal<string | null>(null);
  const eye = useSignal<Eye>({ x: 0, y: 0, k: 1 }), size = useSignal({ w: 800, h: 500 });
  const focus = useComputed(() => query.value.get("focus"));
  const whole = useMemo(() => tree(links), [links]);
  const from = focus.value ? branchOf(whole, focus.value) ?? whole : whole;
  const drawn: Plan = useMemo(() => plan(from, tiles.value, matching), [from, tiles.value, matching]);
  const at = drawn.byKey.has(cursor.value) ? cursor.value : drawn.spots[0]!.key;
  const held = useRef<{ points: Map<number, { x: number; y: number }>; moved: boolean; spread: number }>({ points: new Map(), moved: false, spread: 0 });
  const touched = useRef(false);

  const fit = () => {
    const { w, h } = size.peek();
    const k = Math.min(1.15, Math.max(FAR, Math.min((w - 2 * MARGIN) / drawn.width, (h - 2 * MARGIN) / drawn.height)));
    eye.value = { k, x: (w - drawn.width * k) / 2, y: Math.max(MARGIN, (h - drawn.height * k) / 2) };
  };
  /** At first: all of it if that can be read, or else the left upper corner at a size that can. */
  const begin = () => {
    fit();
    if (eye.peek().k < .62) { const k = .8, root = drawn.spots[0]!; eye.value = { k, x: MARGIN, y: Math.min(MARGIN, size.peek().h / 2 - root.y * k) }; }
  };
  const zoom = (by: number, px = size.peek().w / 2, py = size.peek().h / 2) => {
    const { x, y, k } = eye.peek();
    const next = Math.max(FAR, Math.min(NEAR, k * by));
    touched.current = true;
    eye.value = { k: next, x: px - (px - x) * next / k, y: py - (py - y) * next / k };
  };
  const pan = (dx: number, dy: number) => { touched.current = true; eye.value = { ...eye.peek(), x: eye.peek().x + dx, y: eye.peek().y + dy }; };
  const reveal = (key: string, centre = false) => {
    const spot = drawn.byKey.get(key);
    if (!spot) return;
    const { x, y, k } = eye.peek(), { w, h } = size.peek();
    const left = spot.x * k + x, top = spot.y * k + y, right = left + SPOT_W * k, bottom = top + SPOT_H * k;
    if (centre) { eye.value = { k, x: w / 2 - (spot.x + SPOT_W / 2) * k, y: h / 2 - (spot.y + SPOT_H / 2) * k }; return; }
    const dx = left < MARGIN ? MARGIN - left : right > w - MARGIN ? w - MARGIN - right : 0, dy = top < MARGIN ? MARGIN - top : bottom > h - MARGIN ? h - MARGIN - bottom : 0;
    if (dx || dy) pan(dx, dy);
  };
  useEffect(() => {
    const element = frame.current!;
    const watch = new ResizeObserver(() => { size.value = { w: element.clientWidth, h: element.clientHeight }; if (!touched.current) begin(); });
    watch.observe(element);
    // Preact listens passively to the wheel; zooming must keep the page still.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey || !event.shiftKey && Math.abs(event.deltaY) >= 50 && event.deltaX === 0) zoom(Math.exp(-event.deltaY / 500), event.clientX - box.left, event.clientY - box.top);
      else pan(-event.deltaX, -event.deltaY);
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => { watch.disconnect(); element.removeEventListener("wheel", wheel); };
  }, [drawn]);
  useEffect(() => { touched.current = false; begin(); }, [focus.value]);
  useEffect(() => {
    const first = matching && drawn.spots.find(s => s.kind === "link" && matching.has(s.key));
    if (first) { cursor.value = first.key; reveal(first.key, true); }
  }, [matching?.size, matching && [...matching][0]]);

  const press = (spot: Spot) => {
    cursor.value = spot.key;
    if (spot.kind === "tile") { const next = new Set(tiles.peek()); if (next.has(spot.key)) next.delete(spot.key); else next.add(spot.key); tiles.value = next; }
    else if (spot.kind === "link") { if (opened === spot.key) navigate(`/links/${encodeURIComponent(spot.key)}`); else open(spot.key); }
    else fit();
  };
  const focusOn = (id: string | null) => { cursor.value = id ?? ROOT; adjust({ focus: id }); };
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const spot = drawn.byKey.get(at)!;
    const way = ({ j: "ArrowDown", k: "ArrowUp", h: "ArrowLeft", l: "ArrowRight" } as Record<string, string>)[event.key] ?? event.key;
    if (event.shiftKey && way.startsWith("Arrow")) pan(way === "ArrowLeft" ? 80 : way === "ArrowRight" ? -80 : 0, way === "ArrowUp" ? 80 : way === "ArrowDown" ? -80 : 0);
    else if (/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(way)) { const to = step(drawn, at, way as "Home"); cursor.value = to; reveal(to); }
    else if (event.key === "Enter" || event.key === " ") press(spot);
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(.8);
    else if (event.key === "0") fit();
    else if (event.key === "f" && spot.kind === "link" && spot.behind) focusOn(spot.key);
    else if (event.key === "f" && focus.value) focusOn(null);
    else if (event.key === "Escape" && focus.value && !opened) focusOn(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const local = (event: PointerEvent) => { const box = frame.current!.getBoundingClientRect(); return { x: event.clientX - box.left, y: event.clientY - box.top }; };
  const down = (event: PointerEvent) => { if (event.button !== 0) return; held.current.points.set(event.pointerId, local(event)); if (held.current.points.size === 1) held.current.moved = false; held.current.spread = 0; };
  const move = (event: PointerEvent) => {
    const { points } = held.current, before = points.get(event.pointerId);
    if (!before) return;
    const now = local(event), far = Math.hypot(now.x - before.x, now.y - before.y);
    if (!held.current.moved && points.size === 1 && far < 4) return;
    if (!held.current.moved) frame.current!.setPointerCapture(event.pointerId);
    held.current.moved = true;
    if (points.size === 1) pan(now.x - before.x, now.y - before.y);
    points.set(event.pointerId, now);
    if (points.size === 2) {
      const [a, b] = [...points.values()] as [typeof now, typeof now], spread = Math.hypot(a.x - b.x, a.y - b.y);
      if (held.current.spread) zoom(spread / held.current.spread, (a.x + b.x) / 2, (a.y + b.y) / 2);
      held.current.spread = spread;
    }
  };
  const up = (event: PointerEvent) => { held.current.points.delete(event.pointerId); held.current.spread = 0; };

  // The way to what is pointed at, or chosen.
  const lit = useMemo(() => {
    const keys = new Set<string>();
    for (let key: string | null = hover.value ?? opened ?? null; key && drawn.byKey.has(key); key = drawn.byKey.get(key)!.parent) keys.add(key);
    return keys;
  }, [hover.value, opened, drawn]);
  const { x, y, k } = eye.value, { w, h } = size.value;
  // Only what is in view is drawn, and what leads to it.
  const seen = (s: Spot) => s.x * k + x < w + 60 && (s.x + SPOT_W) * k + x > -60 && s.y * k + y < h + 60 && (s.y + SPOT_H) * k + y > -60;
  const inView = drawn.spots.filter(s => seen(s) || s.key === at);
  const index = new Map(drawn.spots.map((s, i) => [s.key, i]));
  const crosses = (a: Spot, b: Spot) => Math.min(a.y, b.y) * k + y < h + 40 && (Math.max(a.y, b.y) + SPOT_H) * k + y > -40 && a.x * k + x < w && (b.x + SPOT_W) * k + x > 0;
  const edges = drawn.spots.filter(s => s.parent !== null && drawn.byKey.has(s.parent) && crosses(drawn.byKey.get(s.parent)!, s));
  const cut = focus.value ? branchOf(whole, focus.value) : null;
  return <div class="map">
    <div class="map-bar">
      <div class="together"><Button icon="plus" label="Zoom in (+)" onClick={() => zoom(1.25)} /><Button icon="minus" label="Zoom out (-)" onClick={() => zoom(.8)} /><Button icon="maximize" label="Fit all (0)" onClick={fit} /></div>
      {cut ? <Button icon="close" onClick={() => focusOn(null)}>Only {cut.id}: show all</Button> : <Button icon="crosshair" why={drawn.byKey.get(at)?.kind === "link" && drawn.byKey.get(at)!.behind ? null : "Choose a link that others are reached through."} title="Show only what is behind it (f)" onClick={() => focusOn(at)}>Focus</Button>}
      <ul class="legend" aria-label="Legend"><li><Glyph tone="ok" />Online</li><li><Glyph tone="bad" />Offline</li><li><Glyph tone="unknown" />Unknown</li><li><i class="legend-edge" />Jump that is down</li><li><i class="legend-tile" />Many, folded</li></ul>
      {matching && <span class="end dim num" role="status">{count(matching.size)} found</span>}
    </div>
    <div class="map-frame" ref={frame} onPointerDown={down} onPointerMove={move} onPointerUp={up} onPointerCancel={up} onClickCapture={event => { if (held.current.moved) { event.stopPropagation(); event.preventDefault(); held.current.moved = false; } }}>
      {/* Attributes of SVG keep their case: tabIndex would be none. */}
      <svg ref={svg} width={w} height={h} role="tree" tabindex={0} aria-label="Map of the links by the way LinkOps reaches them" aria-activedescendant={`${prefix}-${index.get(at)}`} onKeyDown={keys}>
        <g transform={`translate(${x} ${y}) scale(${k})`}>
          <g aria-hidden="true">{edges.map(s => <Edge key={s.key} from={drawn.byKey.get(s.parent!)!} to={s} lit={lit.has(s.key)} faded={!!matching && !s.links.some(l => matching.has(l.id))} />)}</g>
          {inView.map(s => <Node key={s.key} spot={s} prefix={prefix} i={index.get(s.key)!} at={s.key === at} opened={s.key === opened} expanded={tiles.value.has(s.key)} found={matching ? s.kind === "root" || s.links.some(l => matching.has(l.id)) : null} onPress={() => press(s)} onOver={over => { hover.value = over ? s.key : null; }} />)}
        </g>
      </svg>
    </div>
    <p class="map-note dim"><Icon name="info" size={14} />The number at a link counts those behind it. Arrows move, Enter opens, f focuses, + − 0 zoom. The table has the same links in rows.</p>
  </div>;
}
