import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Bucket } from "../types/fleet";

/** Latency over time: the median, the 95th percentile and the slowest of each stretch, and where checks failed. */
export function draw(into: HTMLElement, buckets: readonly Bucket[], from: number, to: number): { destroy(): void; resize(): void } {
  const tokens = getComputedStyle(into);
  const token = (name: string) => tokens.getPropertyValue(name).trim();
  const at = buckets.map(b => (Date.parse(b.from) + Date.parse(b.to)) / 2000);
  const font = `11px ${token("--sans")}`;
  const ms = (v: number | null) => v === null ? "–" : `${v.toLocaleString("en")} ms`;
  const grid = { stroke: token("--line"), width: 1 }, axis = { stroke: token("--text-3"), font, grid, ticks: grid };
  const line = (label: string, stroke: string, dash?: number[]) => ({ label, stroke, width: 1.5, ...(dash ? { dash } : {}), spanGaps: false, points: { show: buckets.length < 200, size: 4, fill: stroke }, value: (_: uPlot, v: number | null) => ms(v) });
  const size = () => ({ width: Math.max(240, into.clientWidth), height: 220 });
  const failing = { hooks: { drawClear: (u: uPlot) => {
    u.ctx.save();
    u.ctx.fillStyle = token("--bad");
    u.ctx.globalAlpha = .22;
    for (const b of buckets) if (b.failures) {
      const x = u.valToPos(Date.parse(b.from) / 1000, "x", true), end = u.valToPos(Date.parse(b.to) / 1000, "x", true);
      u.ctx.fillRect(x, u.bbox.top, Math.max(2, end - x), u.bbox.height);
    }
    u.ctx.restore();
  } } };
  const plot = new uPlot({
    ...size(), plugins: [failing], cursor: { y: false, drag: { setScale: false } },
    scales: { x: { time: true, range: () => [from / 1000, to / 1000] }, y: { range: (_u, _min, max) => [0, Math.max(10, (max ?? 0) * 1.15)] } },
    axes: [axis, { ...axis, size: 62, values: (_u, splits) => splits.map(v => `${v.toLocaleString("en")} ms`) }],
    series: [
      { label: "Time", value: (_u, v) => v === null ? "–" : new Date(v * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) },
      line("Median", token("--accent")), line("95 % within", token("--warn"), [6, 3]), line("Slowest", token("--text-3"), [2, 3]),
    ],
  }, [at, buckets.map(b => b.p50_ms), buckets.map(b => b.p95_ms), buckets.map(b => b.max_ms)] as uPlot.AlignedData, into);
  return { destroy: () => plot.destroy(), resize: () => plot.setSize(size()) };
}
