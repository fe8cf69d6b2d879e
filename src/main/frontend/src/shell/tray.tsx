import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { active, newest, operations } from "../live/fleet";
import { path } from "../router";
import { isOver, type Summary } from "../types";
import { Ago, Icon, StatusMark, Took } from "../ui/basic";
import { doneOf, Progress, totalOf } from "../ui/progress";
import { what } from "../types";

const SHOWN = 8, LAST = 6;

const Line = ({ o }: { o: Summary }) => <li><a href={`/operations/${encodeURIComponent(o.id)}`}>
  <StatusMark state={o.pause && !isOver(o.status) ? "paused" : o.status} bare /><span class="grow"><strong title={what(o)}>{what(o)}</strong>
    {isOver(o.status) ? <small>{o.started_by} · <Ago at={o.ended_at ?? o.queued_at} /></small> : <Progress small counts={o.counts} label={`${what(o)}: finished`} />}</span>
  <small class="num">{isOver(o.status) ? <Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /> : `${doneOf(o.counts)}/${totalOf(o.counts)}`}</small></a></li>;

/** What runs, wherever one is, and what ended last. */
export function RunsTray() {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const last = useComputed(() => open.value ? [...operations.value.values()].filter(o => isOver(o.status)).sort(newest).slice(0, LAST) : []);
  const running = active.value;
  useEffect(() => { open.value = false; }, [path.value]);
  useEffect(() => {
    if (!open.value) return;
    const away = (event: Event) => { if (!root.current?.contains(event.target as Node)) open.value = false; };
    addEventListener("pointerdown", away);
    addEventListener("focusin", away);
    return () => { removeEventListener("pointerdown", away); removeEventListener("focusin", away); };
  }, [open.value]);
  return <div class="menu-root tray" ref={root} onKeyDown={event => { if (event.key === "Escape" && open.peek()) { open.value = false; root.current!.querySelector("button")!.focus(); event.stopPropagation(); } }}>
    <button type="button" class="button ghost" aria-expanded={open.value} aria-label={running.length ? `Runs: ${running.length} running` : "Runs: nothing runs"} title="Runs" onClick={() => { open.value = !open.peek(); }}>
      <Icon name="operations" size={18} />{running.length > 0 && <><b class="num">{running.length}</b><span class="tray-bars">{running.slice(0, 3).map(o => <Progress key={o.id} small counts={o.counts} label={`${what(o)}: finished`} />)}</span></>}</button>
    {open.value && <div class="menu" role="region" aria-label="Runs"><h2>{running.length ? "Running" : "Nothing runs at the moment"}</h2>
      <ul class="rows">{running.slice(0, SHOWN).map(o => <Line key={o.id} o={o} />)}</ul>
      {running.length > SHOWN && <p class="hint"><a href="/operations?view=active">and {running.length - SHOWN} more</a></p>}
      {last.value.length > 0 && <><h2>Ended last</h2><ul class="rows">{last.value.map(o => <Line key={o.id} o={o} />)}</ul></>}
      <p class="hint"><a href="/operations">All operations</a></p></div>}
  </div>;
}
