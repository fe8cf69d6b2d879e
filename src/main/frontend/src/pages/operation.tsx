import { batch, useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { post, segment } from "../api";
import { plain } from "../log/ansi";
import { Run } from "../log/run";
import { LogView } from "../log/view";
import { runAgain } from "../run";
import { denied } from "../session";
import { isOver, type Execution, type ExecutionStatus, type Operation } from "../types";
import { Ago, Button, clock, Copy, count, Empty, Glyph, Icon, many, short, Skeleton, StatusMark, Took, tone, Trouble, wording } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { Progress, doneOf, totalOf } from "../ui/progress";
import { toast } from "../ui/toast";
import { what } from "./overview";

const urgency: Record<ExecutionStatus, number> = { failed: 0, timeout: 0, lost: 1, interrupted: 1, running: 2, queued: 3, stopped: 4, success: 5, skipped: 6 };
const states: ExecutionStatus[] = ["failed", "timeout", "lost", "interrupted", "running", "queued", "success", "stopped", "skipped"];
const ROW = 46;
const OVERSCAN = 5;

/** Why an execution ended as it did, in a few words. */
function outcome(e: Execution): string {
  if (e.signal) return `signal ${e.signal}`;
  if (e.error) return e.error;
  if (e.exit_code !== null && e.exit_code !== 0) return `exit code ${e.exit_code}`;
  return e.reason?.replaceAll("_", " ") ?? "";
}

function Targets({ executions, several, chosen }: { executions: readonly Execution[]; several: boolean; chosen: Signal<string | null> }) {
  const box = useRef<HTMLDivElement>(null);
  const top = useSignal(0), height = useSignal(500), state = useSignal<ExecutionStatus | null>(null), over = useSignal(false), text = useSignal("");
  const frozen = useRef<string[]>([]);
  useEffect(() => {
    const observer = new ResizeObserver(() => { height.value = box.current!.clientHeight; });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const tallies = new Map<ExecutionStatus, number>();
  for (const e of executions) tallies.set(e.status, (tallies.get(e.status) ?? 0) + 1);
  const wanted = text.value.toLowerCase();
  let list = executions.filter(e => (!state.value || e.status === state.value) && (!wanted || e.target.toLowerCase().includes(wanted)))
    .sort((a, b) => urgency[a.status] - urgency[b.status] || a.index - b.index);
  // Rows do not move away under the pointer.
  if (over.value) { const place = new Map(frozen.current.map((id, i) => [id, i])); list = list.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity)); }
  else frozen.current = list.map(e => e.id);
  const first = Math.max(0, Math.min(Math.floor(top.value / ROW), list.length - 1) - OVERSCAN);
  const last = Math.min(list.length, first + Math.ceil(height.value / ROW) + 2 * OVERSCAN);
  const index = Math.max(0, list.findIndex(e => e.id === chosen.value));
  const move = (to: number) => {
    const next = list[Math.max(0, Math.min(list.length - 1, to))];
    if (!next) return;
    chosen.value = next.id;
    const at = list.indexOf(next) * ROW, element = box.current!;
    if (at < element.scrollTop) element.scrollTop = at;
    else if (at + ROW > element.scrollTop + element.clientHeight) element.scrollTop = at + ROW - element.clientHeight;
  };
  return <section class="panel targets" aria-label="Targets">
    <div class="tools"><div class="searchbox"><Icon name="search" /><input type="search" aria-label="Find a target" placeholder="Find a target" value={text} onInput={event => { text.value = (event.target as HTMLInputElement).value; }} /></div>
      <div class="quick" role="group" aria-label="Show only">{states.filter(s => tallies.get(s)).map(s =>
        <button key={s} type="button" class="filter" aria-pressed={state.value === s} onClick={() => { state.value = state.value === s ? null : s; }}><Glyph tone={tone(s)} />{wording(s)} <b class="num">{count(tallies.get(s)!)}</b></button>)}</div></div>
    <button type="button" class="all-targets" aria-pressed={chosen.value === null} onClick={() => { chosen.value = null; }}>All targets together</button>
    <div class="target-list" ref={box} tabIndex={0} role="listbox" aria-label="Targets, failed first" aria-activedescendant={chosen.value && index >= first && index < last ? `x-${chosen.value}` : undefined}
      onScroll={event => { top.value = (event.target as HTMLElement).scrollTop; }} onPointerEnter={() => { over.value = true; }} onPointerLeave={() => { over.value = false; }}
      onKeyDown={event => {
        if (event.key === "ArrowDown" || event.key === "j") move(chosen.peek() === null ? 0 : index + 1);
        else if (event.key === "ArrowUp" || event.key === "k") move(index - 1);
        else if (event.key === "Home") move(0);
        else if (event.key === "End") move(list.length - 1);
        else if (event.key === "Escape" && chosen.peek()) chosen.value = null;
        else return;
        event.preventDefault();
      }}>
      <div class="grid-space" role="presentation" style={{ height: `${list.length * ROW}px` }}><div role="presentation" style={{ transform: `translateY(${first * ROW}px)` }}>
        {list.slice(first, last).map(e => <div key={e.id} id={`x-${e.id}`} role="option" aria-selected={e.id === chosen.value} class="target" style={{ height: `${ROW}px` }} onClick={() => { chosen.value = chosen.peek() === e.id ? null : e.id; }}>
          <div><StatusMark state={e.status} bare /><strong>{e.target}</strong>{several && e.script && <span class="dim">{e.script}</span>}<span class="end dim"><Took from={e.started_at} to={e.ended_at} ms={e.duration_ms} /></span></div>
          <div class="dim"><span class={`tone-${tone(e.status)}`}>{wording(e.status)}</span><span class="why" title={outcome(e)}>{outcome(e)}</span>{e.exit_code !== null && <span class="end num">exit {e.exit_code}</span>}</div>
        </div>)}
      </div></div>
    </div>
  </section>;
}

function save(name: string, run: Run, executions: readonly Execution[]): void {
  const parts: string[] = [];
  const scripts = new Map(executions.map(e => [e.id, e.script]));
  for (const line of run.lines.kept) parts.push(`${line.target}\t${scripts.get(line.execution) ?? "verify"}\t${line.err ? "stderr" : "stdout"}\t${plain(line.text)}\n`);
  const url = URL.createObjectURL(new Blob(parts, { type: "text/plain;charset=utf-8" }));
  const anchor = Object.assign(document.createElement("a"), { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Output({ run, operation, chosen }: { run: Run; operation: Operation; chosen: Signal<string | null> }) {
  const follow = useSignal(!isOver(operation.status)), wrap = useSignal(false), errors = useSignal(false), search = useSignal("");
  const hits = useSignal<readonly number[]>([]), hit = useSignal(0);
  const one = operation.executions.length === 1 ? operation.executions[0]! : operation.executions.find(e => e.id === chosen.value) ?? null;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || (event.target as HTMLElement).matches?.("input, select, [role=listbox]")) return;
      if (event.key === "f") follow.value = !follow.peek();
      else if (event.key === "w") wrap.value = !wrap.peek();
      else if (event.key === "e") errors.value = !errors.peek();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  run.revision.value;
  const total = run.lines.end, dropped = run.lines.first;
  const step = (by: number) => { const n = hits.peek().length; if (n) hit.value = (hit.peek() + by + n) % n; };
  return <section class="panel output" aria-label="Output">
    <div class="tools">
      <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Search output" placeholder="Search output" value={search} onInput={event => { search.value = (event.target as HTMLInputElement).value; }}
        onKeyDown={event => { if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); } }} /></div>
      {search.value && <span class="found"><span class="num" role="status">{hits.value.length ? `${hit.value + 1} of ${count(hits.value.length)}` : "none"}</span><Button kind="ghost" icon="up" label="Previous find" onClick={() => step(-1)} /><Button kind="ghost" icon="down" label="Next find" onClick={() => step(1)} /></span>}
      <Button icon="follow" pressed={follow.value} title="Follow the end (f)" onClick={() => { follow.value = !follow.peek(); }}>Follow</Button>
      <Button icon="wrap" pressed={wrap.value} title="Wrap long lines (w)" onClick={() => { wrap.value = !wrap.peek(); }}>Wrap</Button>
      <Button icon="stderr" pressed={errors.value} title="Only stderr (e)" onClick={() => { errors.value = !errors.peek(); }}>stderr</Button>
      {one ? <a class="button" href={`/api/operations/${segment(operation.id)}/executions/${segment(one.id)}/output?download=1`} download={`${operation.id}-${one.target}.log`} title={`All output of ${one.target}, as it came`}><Icon name="download" />Download</a>
        : <Button icon="download" title="The lines on this page, with their targets. Choose a target to download its output as it came." onClick={() => save(`${operation.id}.log`, run, operation.executions)}>Download</Button>}
    </div>
    {one && <div class="target-strip">
      <StatusMark state={one.status} /><strong>{one.target}</strong>{one.script && <code>{[one.script, ...one.arguments].join(" ")}</code>}
      {one.exit_code !== null && <span class="num">exit code {one.exit_code}</span>}{one.signal && <span>signal {one.signal}</span>}
      <span class="num dim">{count(one.output_bytes)} bytes{one.is_truncated && ", cut at the limit"}</span>
      {operation.executions.length > 1 && <Button kind="ghost" class="small end" icon="close" label="Show all targets" onClick={() => { chosen.value = null; }} />}
      {(one.error ?? one.reason) && one.status !== "success" && <p class="why-line"><Glyph tone={tone(one.status)} />{one.error ?? one.reason}</p>}
    </div>}
    {dropped > 0 && <p class="kept"><Icon name="info" size={14} />The first {many(dropped, "line")} are no longer on this page. Choose a target and download its output to have all of it.</p>}
    {total > 0 ? <LogView lines={run.lines} revision={run.revision} execution={one && operation.executions.length > 1 ? one.id : operation.executions.length === 1 ? one!.id : null} errorsOnly={errors.value} wrap={wrap.value} follow={follow} search={search.value} hits={hits} hit={hit} />
      : <div class="log-frame nothing"><p>{isOver(operation.status) ? operation.kind === "verify" ? "A verification has no output; the result is with each target." : "Nothing was written." : "Nothing written yet."}</p></div>}
  </section>;
}

function Head({ run, operation, tab }: { run: Run; operation: Operation; tab: Signal<"targets" | "output"> }) {
  const stopping = useSignal(false), asked = useSignal(false);
  const over = isOver(operation.status), done = doneOf(operation.counts), total = totalOf(operation.counts);
  const bad = operation.executions.some(e => isOver(e.status) && e.status !== "success");
  const stop = async () => {
    const { stopping: begun } = await post<{ stopping: boolean }>(`/api/operations/${segment(operation.id)}/stop`);
    asked.value = begun;
    toast({ kind: "note", text: begun ? "Stopping: what runs is being ended, what waits is skipped." : "It was over already." });
  };
  return <>
    <nav class="crumbs" aria-label="Breadcrumb"><a href="/operations">Operations</a><Icon name="right" size={12} /><span class="num">{operation.id}</span><Copy text={operation.id} label="Copy the id" /></nav>
    <div class="title run-title"><h1 tabIndex={-1}>{what(operation)}</h1><StatusMark state={operation.status} />
      {run.stream.value === "lost" && <span class="chip bad"><Glyph tone="warn" />Connection lost; goes on by itself</span>}<span class="spring" />
      {operation.kind === "script" && over && bad && <Button icon="again" why={denied("operator", "Running scripts")} onClick={() => runAgain(operation, true)}>Run again where it failed…</Button>}
      {operation.kind === "script" && over && <Button icon="again" why={denied("operator", "Running scripts")} onClick={() => runAgain(operation, false)}>Run again…</Button>}
      {!over && <Button kind="danger" icon="stop" busy={asked.value} why={denied("operator", "Stopping an operation")} onClick={() => { stopping.value = true; }}>{asked.value ? "Stopping…" : "Stop…"}</Button>}
    </div>
    <p class="meta"><span>{many(operation.targets, "link")}: <span class="selectors" title={operation.selectors.join(", ")}>{operation.selectors.slice(0, 6).join(", ")}{operation.selectors.length > 6 && ` and ${operation.selectors.length - 6} more`}</span></span>
      <span>by {operation.started_by}</span><span>queued <Ago at={operation.queued_at} />{operation.started_at && <span class="dim"> ({clock(operation.queued_at)})</span>}</span>
      <span>{over ? "took" : "running for"} <Took from={operation.started_at} to={operation.ended_at} ms={operation.duration_ms} /></span>
      {operation.commit && <span>commit <code>{short(operation.commit)}</code></span>}<span>{operation.concurrency} at once</span></p>
    <div class="progress-row"><Progress counts={operation.counts} label="Executions finished" /><span class="num">{count(done)} of {count(total)}</span></div>
    {operation.reason && <p class="reason"><Glyph tone={tone(operation.status)} />{operation.reason}</p>}
    <div class="tabs narrow-only" role="group" aria-label="Show"><button type="button" aria-pressed={tab.value === "output"} onClick={() => { tab.value = "output"; }}>Output</button><button type="button" aria-pressed={tab.value === "targets"} onClick={() => { tab.value = "targets"; }}>Targets <b class="num">{count(operation.executions.length)}</b></button></div>
    {stopping.value && <Confirm title={`Stop ${what(operation)}?`} act="Stop it" danger onClose={() => { stopping.value = false; }} onConfirm={stop}>
      <p>What runs on {many(operation.counts.running ?? 0, "link")} is ended (TERM, then KILL after a grace); {many(operation.counts.queued ?? 0, "execution")} that still wait are skipped. What a script has changed so far stays changed.</p>
    </Confirm>}
  </>;
}

export default function OperationPage({ id }: { id: string }) {
  const run = useMemo(() => new Run(id), [id]);
  const chosen = useSignal<string | null>(null), tab = useSignal<"targets" | "output">("output");
  useEffect(() => run.follow(), [run]);
  useEffect(() => chosen.subscribe(c => { if (c) batch(() => { tab.value = "output"; }); }), []);
  const operation = run.operation.value;
  if (run.missing.value) return <main id="page"><Empty title="There is no such operation" action={<a class="button" href="/operations">All operations</a>}>No operation has the id {id}.</Empty></main>;
  if (!operation) return <main id="page">{run.failed.value ? <Trouble text={run.failed.value}><Button onClick={() => location.reload()}>Try again</Button></Trouble> : <Skeleton rows={12} label="Loading the operation" />}</main>;
  const several = new Set(operation.executions.map(e => e.script)).size > 1;
  return <main id="page" class="run-page">
    <Head run={run} operation={operation} tab={tab} />
    <div class={`run-split show-${tab.value}`}>
      <Targets executions={operation.executions} several={several} chosen={chosen} />
      <Output run={run} operation={operation} chosen={chosen} />
    </div>
  </main>;
}

