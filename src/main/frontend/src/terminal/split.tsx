import { useSignal, type Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Layout } from "../types/terminal";

/** Where panes meet, in percent from the left and from above; rising. */
export interface Splits { columns: readonly number[]; rows: readonly number[] }

/** No pane gets smaller than this share. */
export const LEAST = 12;
const KEPT = 40;
const KEY = "linkops.terminal.splits";
const STEP = 2, BIG_STEP = 10;

const even: Record<Layout, Splits> = { single: { columns: [], rows: [] }, grid2x1: { columns: [50], rows: [] }, grid1x3: { columns: [], rows: [100 / 3, 200 / 3] }, grid2x2: { columns: [50], rows: [50] } };
export const evenly = (layout: Layout) => even[layout];

/** How far the one boundary may go. */
export const reach = (at: readonly number[], i: number): [number, number] => [(at[i - 1] ?? 0) + LEAST, (at[i + 1] ?? 100) - LEAST];
export const moved = (at: readonly number[], i: number, to: number): number[] => at.map((old, j) => { const [low, high] = reach(at, i); return j === i ? Math.max(low, Math.min(high, to)) : old; });
/** For grid-template: the panes with a gap of the splitter's width between them. */
export const tracks = (at: readonly number[]) => [...at, 100].map((to, i) => `minmax(0,${(to - (at[i - 1] ?? 0)).toFixed(2)}fr)`).join(" 8px ");

const fits = (found: unknown, like: readonly number[]): found is number[] => Array.isArray(found) && found.length === like.length && found.every((n, i) => typeof n === "number" && n - (i ? found[i - 1] as number : 0) >= LEAST - 0.01 && n <= 100 - LEAST + 0.01);
type Store = Pick<Storage, "getItem" | "setItem">;
const all = (store: Store): [string, Splits][] => { try { const found = JSON.parse(store.getItem(KEY) ?? "[]") as unknown; return Array.isArray(found) ? found.filter(Array.isArray) as [string, Splits][] : []; } catch { return []; } };

/** As they were left in this browser; evenly where nothing fits. */
export function kept(id: string, layout: Layout, store: Store = localStorage): Splits {
  const found = all(store).find(([of]) => of === id)?.[1] as Partial<Splits> | undefined;
  return found && fits(found.columns, even[layout].columns) && fits(found.rows, even[layout].rows) ? { columns: found.columns, rows: found.rows } : even[layout];
}

export function keep(id: string, splits: Splits, store: Store = localStorage): void {
  try { store.setItem(KEY, JSON.stringify([[id, splits], ...all(store).filter(([of]) => of !== id)].slice(0, KEPT))); } catch { /* for this page only */ }
}

/** The lines between panes: dragged, or moved with the arrow keys; Enter or a double click makes all even again. */
export function Splitters({ splits, layout, done }: { splits: Signal<Splits>; layout: Layout; done: () => void }) {
  return <>{(["columns", "rows"] as const).flatMap(way => splits.value[way].map((_, i) => <Splitter key={`${way}${i}`} way={way} i={i} splits={splits} layout={layout} done={done} />))}</>;
}

function Splitter({ way, i, splits, layout, done }: { way: keyof Splits; i: number; splits: Signal<Splits>; layout: Layout; done: () => void }) {
  const line = useRef<HTMLDivElement>(null);
  const dragged = useSignal(false);
  const at = splits.value[way][i]!, [low, high] = reach(splits.value[way], i), across = way === "columns";
  const to = (percent: number) => { splits.value = { ...splits.peek(), [way]: moved(splits.peek()[way], i, percent) }; };
  const reset = () => { splits.value = { ...splits.peek(), [way]: evenly(layout)[way] }; done(); };
  const [less, more] = across ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  return <div ref={line} class={`term-split ${way}${i ? " second" : ""}`} role="separator" tabIndex={0} aria-orientation={across ? "vertical" : "horizontal"} data-dragged={dragged.value || undefined}
    aria-label={across ? "Between the columns" : splits.value.rows.length > 1 ? `Between rows ${i + 1} and ${i + 2}` : "Between the rows"} title="Drag, or use the arrow keys; Enter makes all even"
    aria-valuenow={Math.round(at)} aria-valuemin={Math.round(low)} aria-valuemax={Math.round(high)} aria-valuetext={`${Math.round(at)} %`}
    onKeyDown={event => {
      const step = event.shiftKey ? BIG_STEP : STEP;
      if (event.key === less) to(at - step);
      else if (event.key === more) to(at + step);
      else if (event.key === "Home") to(low);
      else if (event.key === "End") to(high);
      else if (event.key === "Enter") reset();
      else return;
      event.preventDefault();
      done();
    }}
    onDblClick={reset}
    onPointerDown={event => { if (event.button === 0) { event.preventDefault(); line.current!.setPointerCapture(event.pointerId); line.current!.focus(); dragged.value = true; } }}
    onPointerMove={event => {
      if (!dragged.peek()) return;
      const room = line.current!.parentElement!.getBoundingClientRect();
      to(100 * (across ? (event.clientX - room.left) / room.width : (event.clientY - room.top) / room.height));
    }}
    onLostPointerCapture={() => { if (dragged.peek()) { dragged.value = false; done(); } }} />;
}
