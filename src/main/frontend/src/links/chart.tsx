import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Bucket } from "../types/fleet";
import { count } from "../ui/basic";

/** Where lines and marks of a time axis and of an axis of milliseconds stand (pure). */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 180, 360, 720, 1440, 2880, 10_080].map(minutes => minutes * 60_000);

export function timeTicks(from: number, to: number, most: number, offset = (ms: number) => new Date(ms).getTimezoneOffset() * 60_000): number[] {
  const step = STEPS.find(s => (to - from) / s <= most) ?? STEPS.at(-1)!;
  const shift = offset(from), ticks: number[] = [];
  for (let at = Math.ceil((from - shift) / step) * step + shift; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** The top of the axis and its marks: at most five steps of 1, 2 or 5. */
export function valueTicks(highest: number): number[] {
  const raw = Math.max(10, highest * 1.08) / 4, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= raw)!;
  return Array.from({ length: Math.ceil(Math.max(10, highest * 1.08) / step) + 1 }, (_, i) => i * step);
}

type Key = "p50_ms" | "p95_ms" | "max_ms";
const series: [key: Key, name: string][] = [["max_ms", "Slowest"], ["p95_ms", "95 % within"], ["p50_ms", "Median"]];
const HEIGHT = 236, LEFT = 64, RIGHT = 14, TOP = 10, BOTTOM = 26;
const clock = (ms: number, long: boolean) => new Date(ms).toLocaleString(undefined, long ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", hour12: false });
const whole = (ms: number) => new Date(ms).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/**
 * Latency over time: the median, the 95th percentile and the slowest of each stretch, red where checks failed. Drawn
 * here because a chart library is half again as large as a page may be.
 */
export function TimeChart({ buckets, from, to }: { buckets: readonly Bucket[]; from: number; to: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useSignal(640), at = useSignal<number | null>(null);
  useEffect(() => {
    const watch = new ResizeObserver(() => { width.value = Math.max(280, frame.current!.clientWidth); });
    watch.observe(frame.current!);
    return () => watch.disconnect();
  }, []);
  const w = width.value;
  const told = useMemo(() => buckets.map(b => ({ ...b, at: (Date.parse(b.from) + Date.parse(b.to)) / 2, begin: Date.parse(b.from), end: Date.parse(b.to) })), [buckets]);
  const ys = valueTicks(told.reduce((m, b) => Math.max(m, b.max_ms ?? 0), 0)), top = ys.at(-1)!;
  const x = (ms: number) => LEFT + (ms - from) / (to - from) * (w - LEFT - RIGHT), y = (v: number) => TOP + (1 - v / top) * (HEIGHT - TOP - BOTTOM);
  const xs = timeTicks(from, to, Math.max(2, Math.floor((w - LEFT) / 84)));
  const long = to - from > 36 * 3_600_000;
  // A stretch without a measurement breaks the line, as nothing is known of it.
  const path = (key: Key) => { let open = false; return told.map(b => { const v = b[key]; if (v === null) { open = false; return ""; } const d = `${open ? "L" : "M"}${x(b.at).toFixed(1)} ${y(v).toFixed(1)}`; open = true; return d; }).join(""); };
  const alone = (key: Key) => told.filter((b, i) => b[key] !== null && (told[i - 1]?.[key] ?? null) === null && (told[i + 1]?.[key] ?? null) === null);
  const chosen = at.value === null ? null : told[at.value] ?? null;
  const point = (px: number) => { const time = from + (px - LEFT) / (w - LEFT - RIGHT) * (to - from); let best = -1; told.forEach((b, i) => { if (b.checks && (best < 0 || Math.abs(b.at - time) < Math.abs(told[best]!.at - time))) best = i; }); at.value = best < 0 ? null : best; };
  const keys = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const measured = told.flatMap((b, i) => b.checks ? [i] : []);
    if (measured.length) at.value = at.peek() === null ? measured.at(-1)! : measured[Math.max(0, Math.min(measured.length - 1, measured.indexOf(at.peek()!) + by))]!;
  };
  const last = chosen ?? told.findLast(b => b.checks > 0) ?? null;
  return <div class="chart" ref={frame}>
    <svg width={w} height={HEIGHT} role="group" tabindex={0} aria-label="Latency over time. The arrow keys go from measurement to measurement." onKeyDown={keys}
      onPointerMove={event => point(event.clientX - frame.current!.getBoundingClientRect().left)} onPointerLeave={() => { at.value = null; }}>
      {told.map(b => b.failures > 0 && <rect key={b.from} class="chart-failed" x={x(b.begin)} y={TOP} width={Math.max(2, x(b.end) - x(b.begin))} height={HEIGHT - TOP - BOTTOM} />)}
      {ys.map(v => <g key={v}><line class="chart-grid" x1={LEFT} x2={w - RIGHT} y1={y(v)} y2={y(v)} /><text x={LEFT - 8} y={y(v) + 4} text-anchor="end">{count(v)} ms</text></g>)}
      {xs.map(t => <g key={t}><line class="chart-grid" x1={x(t)} x2={x(t)} y1={TOP} y2={HEIGHT - BOTTOM} /><text x={Math.min(w - RIGHT - 16, x(t))} y={HEIGHT - 8} text-anchor="middle">{clock(t, long)}</text></g>)}
      {series.map(([key]) => <g key={key} class={`chart-${key}`}><path d={path(key)} />{alone(key).map(b => <circle key={b.from} cx={x(b.at)} cy={y(b[key]!)} r="2.5" />)}</g>)}
      {chosen && <line class="chart-at" x1={x(chosen.at)} x2={x(chosen.at)} y1={TOP} y2={HEIGHT - BOTTOM} />}
    </svg>
    <dl class="chart-legend" aria-live="polite"><div class="grow"><dt>{chosen ? "At" : "Newest"}</dt><dd class="num">{last ? whole(last.at) : "–"}</dd></div>
      {[...series].reverse().map(([key, name]) => <div key={key}><dt><svg class={`chart-${key}`} width="22" height="8" aria-hidden="true"><path d="M0 4H22" /></svg>{name}</dt><dd class="num">{last?.[key] == null ? "–" : `${count(last[key])} ms`}</dd></div>)}
      <div><dt><i class="chart-swatch" />Failed</dt><dd class="num">{last ? `${count(last.failures)} of ${count(last.checks)}` : "–"}</dd></div></dl>
  </div>;
}
