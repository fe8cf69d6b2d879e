import { useComputed, useSignal, type Signal } from "@preact/signals";
import { Component, type ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { compact } from "../theme";
import { Icon } from "./basic";
import { Slots } from "./slots";

export interface Column<T> {
  key: string;
  title: string;
  width: string;
  /** Shown only where the table is at least this wide. */
  from?: number;
  right?: boolean;
  sorts?: boolean;
  cell: (row: T) => ComponentChildren;
}
export interface Order { key: string; down: boolean }

interface Props<T> {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  id: (row: T) => string;
  /** The two lines of a row on a narrow screen. */
  narrow: (row: T) => ComponentChildren;
  selected?: Signal<ReadonlySet<string>>;
  order?: Order | null;
  onOrder?: (order: Order | null) => void;
  onOpen?: (row: T) => void;
  /** The row whose details are shown beside the table. */
  opened?: string | null | undefined;
  onPointer?: (over: boolean) => void;
  /** Rows have two lines where the table is less wide than this. */
  narrowBelow?: number;
  /** The key "." asks for the row's menu, to be shown by where the row is. */
  onMenu?: (row: T, from: DOMRect) => void;
}

const HEAD = 30;
const wideRow = () => compact.value ? 28 : 34;
const NARROW_ROW = 56;
const NARROW_BELOW = 620;
const OVERSCAN = 6;

/** A grid that draws only the rows on screen, whatever their number; keyboard and pointer select as in a file manager. */
export function DataTable<T>({ label, rows, columns, id, narrow, selected, order, onOrder, onOpen, opened, onPointer, narrowBelow = NARROW_BELOW, onMenu }: Props<T>) {
  const viewport = useRef<HTMLDivElement>(null);
  const prefix = useRef(`t${Math.random().toString(36).slice(2, 8)}`).current;
  const top = useSignal(0), height = useSignal(600), width = useSignal(2000), cursor = useSignal(0);
  const anchor = useRef(0), slots = useRef(new Slots()).current;
  const shift = useRef(false);
  const slim = width.value < narrowBelow;
  const rowHeight = slim ? NARROW_ROW : wideRow(), head = slim ? 0 : HEAD;
  const shown = slim ? [] : columns.filter(c => width.value >= (c.from ?? 0));
  const firstRow = useComputed(() => Math.floor(top.value / (width.value < narrowBelow ? NARROW_ROW : wideRow())));
  const first = Math.max(0, Math.min(firstRow.value, rows.length - 1) - OVERSCAN);
  const last = Math.min(rows.length, first + Math.ceil(height.value / rowHeight) + 2 * OVERSCAN);
  const at = Math.min(cursor.value, Math.max(0, rows.length - 1));

  useEffect(() => {
    const element = viewport.current!;
    const observer = new ResizeObserver(() => { height.value = element.clientHeight; width.value = element.clientWidth; });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const index = opened ? rows.findIndex(r => id(r) === opened) : -1;
    if (index >= 0) { cursor.value = index; reveal(index); }
  }, [opened, rows.length > 0]);

  const reveal = (index: number) => {
    const element = viewport.current!;
    const above = index * rowHeight, below = above + rowHeight + head + (selected?.peek().size ? 64 : 0);
    if (above < element.scrollTop) element.scrollTop = above;
    else if (below > element.scrollTop + element.clientHeight) element.scrollTop = below - element.clientHeight;
  };
  const pick = (index: number, range: boolean, toggle: boolean) => {
    if (!selected) return;
    const next = new Set(range || toggle ? selected.peek() : []);
    if (range) for (let i = Math.min(anchor.current, index); i <= Math.max(anchor.current, index); i++) { const row = rows[i]; if (row) next.add(id(row)); }
    else {
      const key = id(rows[index]!);
      if (toggle && next.has(key)) next.delete(key); else next.add(key);
      anchor.current = index;
    }
    cursor.value = index;
    selected.value = next;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.target !== viewport.current || event.altKey) return;
    const command = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(height.peek() / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = command ? undefined : steps[event.key];
    if (step !== undefined) {
      const to = Math.max(0, Math.min(rows.length - 1, at + step));
      cursor.value = to;
      reveal(to);
      if (event.shiftKey) pick(to, true, false); else anchor.current = to;
    } else if ((event.key === " " || event.key === "x") && !command && selected && rows.length) pick(at, false, true);
    else if (event.key === "a" && command && selected) selected.value = new Set(rows.map(id));
    else if (event.key === "Escape" && selected?.peek().size) selected.value = new Set();
    else if (event.key === "Enter" && onOpen && rows[at]) onOpen(rows[at]);
    else if (event.key === "." && onMenu && rows[at]) onMenu(rows[at], (document.getElementById(`${prefix}-${at}`) ?? viewport.current!).getBoundingClientRect());
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const template = slim ? `${selected ? "40px " : ""}minmax(0,1fr)` : `${selected ? "34px " : ""}${shown.map(c => c.width).join(" ")}`;
  const marked = selected?.value;
  const all = !!marked?.size && rows.length > 0 && rows.every(r => marked.has(id(r)));
  const some = !!marked?.size && !all && rows.some(r => marked.has(id(r)));
  const seen = rows.slice(first, last), places = slots.assign(seen.map(id));
  return <div class={slim ? "grid slim" : "grid"} role="grid" aria-label={label} aria-rowcount={rows.length + 1} aria-multiselectable={selected ? "true" : undefined} tabIndex={0} ref={viewport}
    aria-activedescendant={at >= first && at < last ? `${prefix}-${at}` : undefined} onKeyDown={keys} onScroll={event => { top.value = (event.target as HTMLElement).scrollTop; }}
    onPointerEnter={() => onPointer?.(true)} onPointerLeave={() => onPointer?.(false)}>
    <div class={slim ? "grid-head hidden" : "grid-head"} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
      {selected && <span role="columnheader"><label class="tick"><input type="checkbox" aria-label="Select all shown" tabIndex={slim ? -1 : 0} checked={all} indeterminate={some}
        onChange={event => { const next = new Set(selected.peek()); for (const r of rows) if ((event.target as HTMLInputElement).checked) next.add(id(r)); else next.delete(id(r)); selected.value = next; }} /></label></span>}
      {(slim ? columns.slice(0, 1) : shown).map(c => {
        const mine = order?.key === c.key ? order : null;
        return <span role="columnheader" key={c.key} class={c.right ? "right" : undefined} aria-sort={c.sorts ? mine ? mine.down ? "descending" : "ascending" : "none" : undefined}>
          {c.sorts && onOrder ? <button type="button" tabIndex={slim ? -1 : 0} onClick={() => onOrder(mine ? mine.down ? null : { key: c.key, down: true } : { key: c.key, down: false })}>
            {c.title}<i>{mine && <Icon name={mine.down ? "moveDown" : "moveUp"} size={12} />}</i></button> : c.title}
        </span>;
      })}
    </div>
    <div role="presentation" class="grid-space" style={{ height: `${rows.length * rowHeight}px` }}>
      <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
        {seen.map((row, i) => {
          const index = first + i, key = id(row);
          return <Row key={places[i]} row={row} id={key} domId={`${prefix}-${index}`} index={index} on={marked ? marked.has(key) : null} cursor={index === at} opened={opened === key} height={rowHeight}
            template={template} columns={slim ? null : shown} narrow={narrow} selects={!!selected} widths={template}
            press={event => { shift.current = event.shiftKey; }}
            tick={() => { pick(index, shift.current, true); viewport.current?.focus({ preventScroll: true }); }}
            act={event => {
              const target = event.target as HTMLElement;
              if (target.closest("a, button, .tick")) return;
              cursor.value = index;
              if (selected && (event.ctrlKey || event.metaKey || event.shiftKey)) pick(index, event.shiftKey, true);
              else onOpen?.(row);
            }} />;
        })}
      </div>
    </div>
  </div>;
}

interface RowProps {
  row: any; id: string; domId: string; index: number; on: boolean | null; cursor: boolean; opened: boolean; height: number; template: string; widths: string; selects: boolean;
  columns: readonly Column<any>[] | null; narrow: (row: any) => ComponentChildren; act: (event: MouseEvent) => void; press: (event: MouseEvent) => void; tick: () => void;
}

/** Drawn again only when its link, place or marking changed. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const p = this.props;
    return next.row !== p.row || next.index !== p.index || next.on !== p.on || next.cursor !== p.cursor || next.opened !== p.opened || next.widths !== p.widths || next.height !== p.height;
  }

  override render({ row, id, domId, index, on, cursor, opened, height, template, columns, narrow, selects }: RowProps) {
    return <div id={domId} role="row" aria-rowindex={index + 2} aria-selected={on ?? undefined} class={`grid-row${on ? " on" : ""}${cursor ? " cursor" : ""}${opened ? " opened" : ""}`}
      style={{ gridTemplateColumns: template, height: `${height}px` }} onPointerDown={event => this.props.press(event)} onClick={event => this.props.act(event)}>
      {selects && <span role="gridcell"><label class="tick"><input type="checkbox" tabIndex={-1} checked={!!on} aria-label={`Select ${id}`} onChange={() => this.props.tick()} /></label></span>}
      {columns ? columns.map(c => <span role="gridcell" key={c.key} class={c.right ? "right" : undefined}>{c.cell(row)}</span>) : <span role="gridcell">{narrow(row)}</span>}
    </div>;
  }
}
