import { effect, useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import type { Square } from "../plan";
import { theme } from "../theme";
import { tone, wording, type Tone } from "./basic";

interface Props { squares: readonly Square[]; chosen: string | null; onOpen: (square: Square) => void }

const FEW = 400;
const colours: Record<Tone, string> = { ok: "--ok", warn: "--warn", bad: "--bad", run: "--run", unknown: "--text-3", off: "--text-3", hold: "--warn" };

/** Draws one target: what became of it is in the shape as well as in the colour. */
function draw(pen: CanvasRenderingContext2D, kind: Tone, x: number, y: number, s: number): void {
  if (kind === "ok") pen.fillRect(x, y, s, s);
  else if (kind === "bad") { // a corner notch
    const cut = Math.ceil(s * 0.45);
    pen.beginPath();
    pen.moveTo(x, y); pen.lineTo(x + s - cut, y); pen.lineTo(x + s - cut, y + cut); pen.lineTo(x + s, y + cut); pen.lineTo(x + s, y + s); pen.lineTo(x, y + s);
    pen.fill();
  } else if (kind === "run") { pen.strokeRect(x + 0.75, y + 0.75, s - 1.5, s - 1.5); pen.fillRect(x, y + s / 2, s, s / 2); }
  else if (kind === "warn") { pen.beginPath(); pen.moveTo(x, y + s); pen.lineTo(x + s / 2, y); pen.lineTo(x + s, y + s); pen.fill(); }
  else if (kind === "off") { pen.strokeRect(x + 0.75, y + 0.75, s - 1.5, s - 1.5); pen.beginPath(); pen.moveTo(x, y + s); pen.lineTo(x + s, y); pen.stroke(); }
  else pen.strokeRect(x + 0.75, y + 0.75, s - 1.5, s - 1.5);
}

/** One square per target on one canvas, however many there are: only those on screen are drawn. */
export function TargetGrid({ squares, chosen, onOpen }: Props) {
  const box = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null);
  const top = useSignal(0), width = useSignal(0), height = useSignal(0), cursor = useSignal(0), over = useSignal<{ index: number; x: number; y: number } | null>(null), focused = useSignal(false);
  const id = useId();
  const pitch = squares.length > FEW ? 13 : 20, size = pitch - 3;
  const columns = Math.max(1, Math.floor((width.value - 16) / pitch));
  const rows = Math.ceil(squares.length / columns);
  const at = Math.min(cursor.value, Math.max(0, squares.length - 1));

  useEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => { width.value = element.clientWidth; height.value = element.clientHeight; });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let frame = 0;
    const paint = () => {
      const element = canvas.current!, ratio = devicePixelRatio || 1;
      const w = width.peek(), h = height.peek(), from = top.peek();
      if (element.width !== Math.round(w * ratio) || element.height !== Math.round(h * ratio)) { element.width = Math.round(w * ratio); element.height = Math.round(h * ratio); }
      const pen = element.getContext("2d")!, look = getComputedStyle(element);
      const colour = Object.fromEntries(Object.entries(colours).map(([kind, name]) => [kind, look.getPropertyValue(name)]));
      const mark = look.getPropertyValue("--text");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, w, h);
      pen.lineWidth = 1.5;
      const first = Math.max(0, Math.floor((from - 8) / pitch)), last = Math.min(rows, Math.ceil((from + h) / pitch) + 1);
      for (let i = first * columns; i < Math.min(squares.length, last * columns); i++) {
        const square = squares[i]!, kind = tone(square.status);
        const x = 8 + i % columns * pitch, y = 8 + Math.floor(i / columns) * pitch - from;
        pen.fillStyle = pen.strokeStyle = colour[kind]!;
        draw(pen, kind, x, y, size);
        if (square.target === chosen || focused.peek() && i === cursor.peek()) { pen.strokeStyle = mark; pen.strokeRect(x - 1.5, y - 1.5, size + 3, size + 3); }
      }
    };
    const stop = effect(() => {
      theme.value, width.value, height.value, top.value, cursor.value, focused.value;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(paint);
    });
    return () => { stop(); cancelAnimationFrame(frame); };
  }, [squares, chosen, columns, pitch]);

  const find = (event: PointerEvent | MouseEvent) => {
    const area = box.current!.getBoundingClientRect();
    const x = event.clientX - area.left - 8, y = event.clientY - area.top + box.current!.scrollTop - 8;
    const column = Math.floor(x / pitch), index = Math.floor(y / pitch) * columns + column;
    return x >= 0 && y >= 0 && column < columns && index < squares.length ? { index, x: event.clientX - area.left, y: event.clientY - area.top } : null;
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(squares.length - 1, to)), element = box.current!;
    const y = 8 + Math.floor(next / columns) * pitch;
    if (y < element.scrollTop) element.scrollTop = y - 8;
    else if (y + pitch > element.scrollTop + element.clientHeight) element.scrollTop = y + pitch - element.clientHeight + 8;
    cursor.value = next;
  };
  const told = over.value ? squares[over.value.index] : undefined;
  const here = squares[at];
  return <div class="target-grid">
    <canvas ref={canvas} aria-hidden="true" />
    <div class="target-grid-box" ref={box} tabIndex={0} role="listbox" aria-label="Targets, one square each" aria-activedescendant={here ? id : undefined}
      onScroll={event => { top.value = (event.target as HTMLElement).scrollTop; over.value = null; }} onFocus={() => { focused.value = true; if (chosen) cursor.value = Math.max(0, squares.findIndex(s => s.target === chosen)); }} onBlur={() => { focused.value = false; }}
      onPointerMove={event => { over.value = find(event); }} onPointerLeave={() => { over.value = null; }}
      onClick={event => { const hit = find(event); if (hit) { cursor.value = hit.index; onOpen(squares[hit.index]!); } }}
      onKeyDown={event => {
        const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity };
        if (steps[event.key] !== undefined) go(at + steps[event.key]!);
        else if (event.key === "Enter" && here) onOpen(here);
        else return;
        event.preventDefault();
      }}>
      <div class="grid-space" role="presentation" style={{ height: `${rows * pitch + 16}px` }} />
      {here && <div id={id} role="option" aria-selected={here.target === chosen} class="unseen">{here.target}: {wording(here.status)}</div>}
    </div>
    {told && <div class="tip" style={{ transform: `translate(${Math.min(over.value!.x + 12, width.value - 180)}px, ${over.value!.y + (over.value!.y > height.value - 50 ? -46 : 14)}px)` }}><strong>{told.target}</strong><span>{wording(told.status)}</span></div>}
  </div>;
}
