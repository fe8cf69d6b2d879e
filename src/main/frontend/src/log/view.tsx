import { effect, useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { count, Glyph, Icon } from "../ui/basic";
import { plain, slice, spans } from "./ansi";
import { lowerBound, Rows, type Line, type Lines } from "./lines";

export const LINE = 18;
const OVERSCAN = 6;
const NUMBER_WIDTH = 58, NAME_WIDTH = 132, MARK_WIDTH = 18;

interface Props {
  lines: Lines;
  /** Counts up, once a frame, whenever lines came. */
  revision: Signal<number>;
  /** Only this execution's lines; null for all. */
  execution: string | null;
  errorsOnly: boolean;
  wrap: boolean;
  follow: Signal<boolean>;
  search: string;
  hit: Signal<number>;
  hits: Signal<readonly number[]>;
  /** The line that the address points at, from 0. */
  line?: number | null;
  onLine?: (number: number) => void;
  /** Said where there are no lines at all. */
  empty?: string;
}

/** How wide a character is here; the log's font has one width for all. */
function characterWidth(): number {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = '12px "JetBrains Mono Variable", ui-monospace, monospace';
  return context.measureText("0".repeat(100)).width / 100 || 7.2;
}

/** Draws only the lines on screen and parses only their colours; every row is as high as any other. */
export function LogView({ lines, revision, execution, errorsOnly, wrap, follow, search, hit, hits, line: pointed = null, onLine, empty }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0), height = useSignal(400), width = useSignal(800);
  const named = execution === null;
  const narrow = width.value < 560;
  const gutter = (narrow ? 0 : NUMBER_WIDTH) + MARK_WIDTH + (named ? (narrow ? 84 : NAME_WIDTH) : 0) + 20;
  const character = useMemo(characterWidth, [wrap]);
  const columns = wrap ? Math.max(20, Math.floor((width.value - gutter) / character)) : 0;
  const shown = (line: Line) => (execution === null || line.execution === execution) && (!errorsOnly || line.err);
  const rows = useMemo(() => new Rows(lines, shown, columns), [lines, execution, errorsOnly, columns]);

  revision.value; // new lines: look again
  const gone = rows.update(lines.changed());
  /** All lines below this number have been on screen, or could have been. */
  const seen = useRef(lines.end);

  useEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => { height.value = element.clientHeight; width.value = element.clientWidth; });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current!;
    if (follow.value) { element.scrollTop = element.scrollHeight; seen.current = lines.end; }
    else if (gone) element.scrollTop -= gone * LINE; // what is read stays where it is
  });
  const reveal = (number: number) => {
    const element = box.current!;
    follow.value = false;
    element.scrollTop = rows.rowOf(number) * LINE - element.clientHeight / 2;
  };
  // A search goes to its first hit and then where it is sent; hits that come later move nobody, least of all who follows.
  useEffect(() => {
    let shown = -1;
    return effect(() => {
      const number = hits.value[hit.value], at = number === undefined ? -1 : hit.value;
      if (number !== undefined && at !== shown) reveal(number);
      shown = at;
    });
  }, [rows]);

  // The line of the address may come only with the replay.
  const shownLine = useRef<number | null>(null);
  useEffect(() => {
    if (pointed === null || pointed >= lines.end || shownLine.current === pointed) return;
    shownLine.current = pointed;
    reveal(pointed);
  });

  // Looks through the lines in slices that leave the page responsive.
  useEffect(() => {
    const wanted = search.toLowerCase();
    hits.value = [];
    hit.value = 0;
    if (!wanted) return;
    const found: number[] = [];
    let at = lines.first, stopped = false, timer = 0, open: number[] = [];
    const fits = (line: Line) => plain(line.text).toLowerCase().includes(wanted) || named && line.target.toLowerCase().includes(wanted);
    const look = () => {
      const until = performance.now() + 8;
      at = Math.max(at, lines.first);
      let news = found.length && found[0]! < lines.first ? found.splice(0, lowerBound(found, lines.first)).length : 0;
      // Lines that still grew when they were looked at.
      open = open.filter(number => {
        const line = lines.at(number);
        if (!line) return false;
        if (!fits(line)) return line.open;
        found.splice(lowerBound(found, number), 0, number);
        news++;
        return false;
      });
      for (; at < lines.end && performance.now() < until; at++) {
        const line = lines.at(at)!;
        if (!shown(line)) continue;
        if (fits(line)) { found.push(at); news++; } else if (line.open) open.push(at);
      }
      if (news) hits.value = found.slice();
      if (!stopped) timer = window.setTimeout(look, at < lines.end ? 0 : 400);
    };
    timer = window.setTimeout(look, 80);
    return () => { stopped = true; clearTimeout(timer); };
  }, [search, rows]);

  const total = rows.count;
  const firstRow = Math.max(0, Math.min(Math.floor(top.value / LINE), total - 1) - OVERSCAN);
  const lastRow = Math.min(total, firstRow + Math.ceil(height.value / LINE) + 2 * OVERSCAN);
  const current = hits.value[hit.value];
  const behind = follow.value ? 0 : rows.shownFrom(seen.current);

  const drawn: ComponentChildren[] = [];
  for (let i = firstRow; i < lastRow; i++) {
    const place = rows.row(i);
    const line = place && lines.at(place.number);
    if (!place || !line) continue;
    const all = spans(line.text, line.look);
    const runs = columns ? slice(all, place.part * columns, (place.part + 1) * columns) : all;
    const head = place.part === 0;
    const isLast = !columns || rows.row(i + 1)?.number !== place.number;
    drawn.push(<div key={`${place.number}.${place.part}`} class={`line${line.err ? " err" : ""}${place.number === current || place.number === pointed ? " hit" : ""}`}>
      {!narrow && <b class="nr" title={onLine && "Point the address at this line (l)"} data-line={place.number}>{head ? place.number + 1 : ""}</b>}
      {named && <span class="who" title={line.target}>{head ? line.target : ""}</span>}
      <span class="mark">{head && line.err && <Glyph tone="warn" label="stderr" />}</span>
      <span class="text">{runs.map(r => r.cls || r.fg || r.bg ? <span class={r.cls} style={r.fg || r.bg ? { color: r.fg ?? "", backgroundColor: r.bg ?? "" } : undefined}>{r.text}</span> : r.text)}
        {isLast && line.cut > 0 && <em class="cut"> … {count(line.cut)} more characters, in the download</em>}</span>
    </div>);
  }
  return <div class="log-frame">
    <div class={`log${named ? " named" : ""}${narrow ? " narrow" : ""}${columns ? " wraps" : ""}`} ref={box} tabIndex={0} role="log" aria-live="off" aria-label="Output"
      onScroll={event => {
        const element = event.target as HTMLElement;
        top.value = element.scrollTop;
        if (!follow.peek() && element.scrollTop + element.clientHeight >= element.scrollHeight - LINE) seen.current = lines.end;
      }}
      onWheel={event => { if (event.deltaY < 0) follow.value = false; }}
      onTouchMove={() => { const e = box.current!; if (e.scrollTop + e.clientHeight < e.scrollHeight - 4 * LINE) follow.value = false; }}
      onClick={event => { const number = (event.target as HTMLElement).dataset["line"]; if (number) onLine?.(Number(number)); }}
      onKeyDown={event => {
        if (event.key === "l" && onLine && !event.ctrlKey && !event.metaKey && !event.altKey) {
          const place = rows.row(Math.max(0, Math.floor((top.peek() + LINE - 1) / LINE)));
          if (current !== undefined) onLine(current); else if (place) onLine(place.number);
          event.preventDefault();
          return;
        }
        if (/^(ArrowUp|PageUp|Home)$/.test(event.key)) follow.value = false;
      }}>
      <div class="log-space" style={{ height: `${total * LINE}px` }}><div style={{ transform: `translateY(${firstRow * LINE}px)` }}>{drawn}</div></div>
    </div>
    {total === 0 && <p class="log-empty">{errorsOnly ? "Nothing on stderr. Press e for all lines." : empty}</p>}
    {behind > 0 && <button type="button" class="pill" onClick={() => { follow.value = true; }}><Icon name="follow" size={14} />{count(behind)} new {behind === 1 ? "line" : "lines"}</button>}
  </div>;
}
