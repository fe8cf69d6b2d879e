import { useComputed, useSignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api, post, segment, sentence } from "../api";
import { plain } from "../log/ansi";
import { Run } from "../log/run";
import { LogView } from "../log/view";
import { batchSizes, failureLimit, ownArguments, quote, retried, retryOf, squares, urgency } from "../plan";
import { connection, scripts } from "../live/fleet";
import { AsOf } from "../live/waiting";
import { adjust, navigate, query } from "../router";
import { newRun, type Draft } from "../run";
import { denied } from "../session";
import "../style/operations.css";
import { isOver, type Counts, type Execution, type ExecutionStatus, type Operation } from "../types";
import type { Group } from "../types/operations";
import { Ago, age, Button, clock, Code, Copy, count, duration, Empty, Glyph, Icon, many, now, short, Skeleton, StatusMark, Took, tone, Trouble, wording } from "../ui/basic";
import { Confirm } from "../ui/dialog";
import { Menu } from "../ui/menu";
import { Progress, doneOf, totalOf } from "../ui/progress";
import { DataTable, type Column } from "../ui/table";
import { TargetGrid } from "../ui/targetgrid";
import { toast } from "../ui/toast";
import { what } from "../types";

const states: ExecutionStatus[] = ["failed", "timeout", "lost", "interrupted", "running", "queued", "success", "stopped", "skipped"];
type View = "list" | "grid" | "groups";
const views: [View, string][] = [["list", "List"], ["grid", "Grid"], ["groups", "Same output"]];

/** Why an execution ended as it did, in a few words. */
function outcome(e: Execution): string {
  if (e.signal) return `signal ${e.signal}`;
  if (e.error) return e.error;
  if (e.exit_code !== null && e.exit_code !== 0) return `exit code ${e.exit_code}`;
  return e.reason?.replaceAll("_", " ") ?? "";
}

/** What outcomes mean that nobody chose, and what to do. */
function advice(e: Execution, tie: { held: boolean; again: boolean; error: string | null } | undefined): string | null {
  const durable = e.durability === "systemd" || e.durability === "session";
  if (e.status === "running" && tie && !tie.held) return `The connection is gone${tie.error ? ` (${tie.error})` : ""}. The script goes on at its link; LinkOps attaches to it again by itself, and its output follows then.`;
  if (e.status === "running" && tie?.again) return "Attached again: it went on while the connection was gone, and no output is missing.";
  if (e.status === "running" && durable) return "It outlives the connection and LinkOps itself: whatever happens to either, it goes on and is attached to again.";
  if (e.status === "interrupted") return "LinkOps itself ended while this ran, so nobody saw its end. Look at the link, then retry it if the script may run twice.";
  if (e.status === "lost") return "Nobody saw how it ended; it may still be running there. Look at the link before you retry.";
  return null;
}

/** Beside the output there is room for one dense line. */
const columns = (several: boolean): Column<Execution>[] => [
  { key: "target", title: "Target", width: "minmax(110px,1.2fr)", cell: e => <span class="marked"><StatusMark state={e.status} bare /><strong class="name apart" title={e.target}>{e.target}</strong></span> },
  ...several ? [{ key: "script", title: "Script", width: "minmax(60px,.8fr)", cell: (e: Execution) => <span class="dim apart" title={e.script ?? ""}>{e.script}</span> }] : [],
  { key: "why", title: "Outcome", width: "minmax(70px,1fr)", cell: e => <span class="dim apart" title={outcome(e)}>{e.exit_code ? `exit code ${e.exit_code}` : isOver(e.status) && e.status !== "success" && e.status !== "skipped" ? outcome(e) || wording(e.status) : wording(e.status)}</span> },
  { key: "took", title: "Took", width: "68px", right: true, cell: e => <Took from={e.started_at} to={e.ended_at} ms={e.duration_ms} /> },
];
const slim = (several: boolean) => (e: Execution) => <div class="two target">
  <div><StatusMark state={e.status} bare /><strong class="name apart" title={e.target}>{e.target}</strong>{several && e.script && <span class="dim apart">{e.script}</span>}<span class="end dim"><Took from={e.started_at} to={e.ended_at} ms={e.duration_ms} /></span></div>
  <div class="dim"><span class={`tone-${tone(e.status)}`}>{wording(e.status)}</span><span class="why apart" title={outcome(e)}>{outcome(e)}</span>{e.exit_code !== null && <span class="end num">exit {e.exit_code}</span>}</div>
</div>;

function Groups({ operation, chosen }: { operation: Operation; chosen: Signal<string | null> }) {
  const groups = useSignal<Group[] | null>(null), failed = useSignal<string | null>(null);
  const done = doneOf(operation.counts), over = isOver(operation.status);
  const load = () => api<{ groups: Group[] }>(`/api/operations/${segment(operation.id)}/groups`).then(g => { groups.value = g.groups; failed.value = null; }, cause => { failed.value = sentence(cause); });
  // While it runs they are looked up again now and then, at its end once more.
  const bite = over ? -1 : Math.floor(done / Math.max(1, operation.executions.length / 10));
  useEffect(() => { void load(); }, [operation.id, bite]);
  if (failed.value) return <Trouble text={failed.value}><Button onClick={() => void load()}>Try again</Button></Trouble>;
  if (!groups.value) return <Skeleton label="Comparing outputs" />;
  // What never started has no output to compare.
  const ran = groups.value.filter(g => isOver(g.status) && g.status !== "skipped"), skipped = groups.value.filter(g => g.status === "skipped"), ended = [...ran, ...skipped], [largest, ...rest] = ran;
  if (!largest) return <Empty title="Nothing to compare yet">Outputs are compared as soon as something has ended.</Empty>;
  return <div class="groups scroll">
    <p class="pad"><strong class="num">{rest.length ? `${count(largest.count)} the same, ${many(rest.length, "variant")}` : `All ${count(largest.count)} the same`}{skipped.length > 0 && `; ${count(skipped.reduce((n, g) => n + g.count, 0))} not started`}</strong> <span class="dim">by outcome, exit code and every byte of output</span></p>
    <ul class="rows">{ended.map(g => { const open = chosen.value === g.sample; return <li key={g.sample}><button type="button" aria-pressed={open} onClick={() => { chosen.value = open ? null : g.sample; }}>
      <StatusMark state={g.status} /><span class="grow"><strong class="num">{many(g.count, "execution")}{g.exit_code !== null && <span class="dim"> · exit {g.exit_code}</span>}</strong><small class="apart" title={g.targets.join(", ")}>{g.targets.slice(0, 4).join(", ")}{g.count > Math.min(4, g.targets.length) && ` and ${count(g.count - Math.min(4, g.targets.length))} more`}</small></span>
      <span class="dim">{open ? "shown" : "open one"}</span></button></li>; })}</ul>
  </div>;
}

function Targets({ operation, view, chosen, marked }: { operation: Operation; view: View; chosen: Signal<string | null>; marked: Signal<ReadonlySet<string>> }) {
  const over = useSignal(false), text = useSignal("");
  const { executions } = operation;
  const state = states.find(s => s === query.value.get("only")) ?? null;
  const frozen = useRef<string[]>([]);
  const several = operation.scripts.length > 1;
  const shape = useMemo(() => ({ columns: columns(several), narrow: slim(several) }), [several]);
  const wanted = text.value.toLowerCase();
  const list = useMemo(() => {
    const found = executions.filter(e => (!state || e.status === state) && (!wanted || e.target.toLowerCase().includes(wanted))).sort((a, b) => urgency[a.status] - urgency[b.status] || a.index - b.index);
    // Rows do not move away under the pointer.
    if (over.value) { const place = new Map(frozen.current.map((id, i) => [id, i])); found.sort((a, b) => (place.get(a.id) ?? Infinity) - (place.get(b.id) ?? Infinity)); }
    else frozen.current = found.map(e => e.id);
    return found;
  }, [executions, state, wanted, over.value]);
  const tiles = useMemo(() => view === "grid" ? squares(executions).filter(s => (!state || s.status === state) && (!wanted || s.target.toLowerCase().includes(wanted))) : [], [executions, state, wanted, view]);
  const open = executions.find(e => e.id === chosen.value);
  return <section class={`panel targets${marked.value.size && view === "list" ? " has-bulk" : ""}`} aria-label="Targets">
    <div class="tools">
      <div class="tabs" role="group" aria-label="How the targets are shown">{views.map(([v, name]) => <button key={v} type="button" aria-pressed={view === v} onClick={() => adjust({ view: v === "list" ? null : v })}>{name}</button>)}</div>
      {view !== "groups" && <><div class="searchbox"><Icon name="search" /><input type="search" aria-label="Find a target" placeholder="Find a target" value={text} onInput={event => { text.value = (event.target as HTMLInputElement).value; }} /></div>
        <div class="quick" role="group" aria-label="Show only">{states.filter(s => operation.counts[s]).map(s =>
          <button key={s} type="button" class="filter" aria-pressed={state === s} onClick={() => adjust({ only: state === s ? null : s })}><Glyph tone={tone(s)} />{wording(s)} <b class="num">{count(operation.counts[s]!)}</b></button>)}</div></>}
    </div>
    {view === "groups" ? <Groups operation={operation} chosen={chosen} />
      : view === "grid" ? <TargetGrid squares={tiles} chosen={open?.target ?? null} onOpen={s => { chosen.value = chosen.peek() === s.execution.id ? null : s.execution.id; }} />
      : list.length ? <DataTable label="Targets, failed first" rows={list} columns={shape.columns} id={e => e.id} narrow={shape.narrow} selected={marked} opened={chosen.value} narrowBelow={innerWidth > 900 ? 200 : 620} onPointer={on => { over.value = on; }}
        onOpen={e => { chosen.value = chosen.peek() === e.id ? null : e.id; }} />
      : <Empty title="No target matches" action={<Button onClick={() => { text.value = ""; adjust({ only: null }); }}>Show all</Button>} />}
    {marked.value.size > 0 && view === "list" && <div class="bulk" role="toolbar" aria-label="Chosen targets"><strong class="num">{count(marked.value.size)} chosen</strong>
      <Button icon="again" why={retryWhy(operation, marked.value)} onClick={() => { adjust({ ask: "retry" }); }}>Retry…</Button><Button kind="ghost" icon="close" label="Choose none" onClick={() => { marked.value = new Set(); }} /></div>}
  </section>;
}

function retryWhy(o: Operation, marked: ReadonlySet<string>): string | null {
  return denied("operator", "Running scripts") ?? (o.kind !== "script" ? "Only operations of scripts can be retried." : !isOver(o.status) ? "It is not over yet: stop it, or wait."
    : !retried.some(s => o.counts[s]) ? "Everything succeeded: there is nothing to retry."
    : marked.size && !o.executions.some(e => marked.has(e.id) && e.status !== "success") ? "All of the chosen ones succeeded." : null);
}

function RetrySheet({ operation, marked, onClose }: { operation: Operation; marked: ReadonlySet<string>; onClose: () => void }) {
  const chosen = marked.size ? new Set(operation.executions.filter(e => marked.has(e.id)).map(e => e.target)) : null;
  const there = retried.filter(s => operation.executions.some(e => e.status === s && (!chosen || chosen.has(e.target))));
  const statuses = useSignal<ReadonlySet<string>>(new Set(there.filter(s => s !== "stopped" || there.length === 1)));
  const plan = retryOf(operation, statuses.value, chosen);
  const words: Partial<Record<ExecutionStatus, string>> = { skipped: "Not started", lost: "Lost: may still be running there", interrupted: "Interrupted: nobody saw the end" };
  const go = async () => {
    if (!plan.executions) throw new Error("Nothing is chosen: tick at least one outcome.");
    const { operation_id } = await post<{ operation_id: string }>(`/api/operations/${segment(operation.id)}/retry`, { statuses: [...statuses.peek()], ...(chosen ? { targets: plan.targets } : {}) });
    navigate(`/operations/${encodeURIComponent(operation_id)}`);
  };
  return <Confirm title="Retry" act={`Retry on ${many(plan.targets.length, "link")}`} onClose={onClose} onConfirm={go}>
    <p>The same bytes as the first time{operation.commit && <> (commit <code>{short(operation.commit)}</code>, whatever the branch holds by now)</>}, with the same arguments, as a new operation.{chosen && ` Only on the ${many(chosen.size, "chosen link")}.`}</p>
    <fieldset class="field"><legend>What is run again</legend>{there.map(s => <label class="choice tall" key={s}><input type="checkbox" checked={statuses.value.has(s)} onChange={() => { const next = new Set(statuses.peek()); if (!next.delete(s)) next.add(s); statuses.value = next; }} />
      <Glyph tone={tone(s)} />{words[s] ?? wording(s)} <b class="num">{count(retryOf(operation, new Set([s]), chosen).executions)}</b></label>)}</fieldset>
    <p class="note num" role="status">{many(plan.executions, "execution")} on {many(plan.targets.length, "link")}</p>
  </Confirm>;
}

function saveText(name: string, parts: string[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type: "text/plain;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function Download({ run, operation, one }: { run: Run; operation: Operation; one: Execution | null }) {
  const all = (clean: boolean) => {
    const named = new Map(operation.executions.map(e => [e.id, e.script]));
    saveText(`${operation.id}.log`, run.lines.kept.map(l => `${l.target}\t${named.get(l.execution) ?? operation.kind}\t${l.err ? "stderr" : "stdout"}\t${clean ? plain(l.text) : l.text}\n`));
  };
  const single = async (clean: boolean) => {
    const url = `/api/operations/${segment(operation.id)}/executions/${segment(one!.id)}/output`, name = `${operation.id}-${one!.target}.log`;
    if (!clean) { Object.assign(document.createElement("a"), { href: `${url}?download=1`, download: name }).click(); return; }
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      saveText(name, (await answer.text()).split("\n").map((line, i, every) => plain(line) + (i < every.length - 1 ? "\n" : "")));
    } catch (cause) { toast({ kind: "error", text: `The output could not be fetched: ${sentence(cause)}. Try again.` }); }
  };
  return <Menu label="Download" class="button only" face={<Icon name="download" />} head={<div class="menu-head"><strong>{one ? one.target : "All targets"}</strong><span>{one ? "All of its output" : "The lines on this page"}</span></div>}
    items={[{ text: "Plain text", icon: "download", act: () => { if (one) void single(true); else all(true); } }, { text: "With colours and control characters", icon: "terminal", act: () => { if (one) void single(false); else all(false); } }]} />;
}

function Output({ run, operation, chosen, one }: { run: Run; operation: Operation; chosen: Signal<string | null>; one: Execution | null }) {
  const asked = query.value.get("line"), line = asked !== null && /^\d{1,9}$/.test(asked) ? Number(asked) - 1 : null;
  const follow = useSignal(!isOver(operation.status) && line === null), wrap = useSignal(false), errors = useSignal(false), search = useSignal("");
  const hits = useSignal<readonly number[]>([]), hit = useSignal(0);
  const find = useRef<HTMLInputElement>(null);
  const step = (by: number) => { const n = hits.peek().length; if (n) hit.value = (hit.peek() + by + n) % n; };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (event.ctrlKey) { if (event.key !== "f") return; find.current?.focus(); find.current?.select(); }
      else if ((event.target as HTMLElement).matches?.("input:not([type=checkbox]), select, textarea")) return;
      else if (event.key === "f") follow.value = !follow.peek();
      else if (event.key === "w") wrap.value = !wrap.peek();
      else if (event.key === "e") errors.value = !errors.peek();
      else if (event.key === "n") step(1);
      else if (event.key === "N") step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  run.revision.value;
  const total = run.lines.end, dropped = run.lines.first;
  const told = one && advice(one, run.ties.value.get(one.id));
  return <section class="panel output" aria-label="Output">
    <div class="tools">
      <div class="searchbox"><Icon name="search" /><input type="search" ref={find} aria-label="Search output" placeholder="Search output" value={search} onInput={event => { search.value = (event.target as HTMLInputElement).value; }}
        onKeyDown={event => { if (event.key === "Enter") { event.preventDefault(); step(event.shiftKey ? -1 : 1); } else if (event.key === "Escape") { search.value = ""; document.querySelector<HTMLElement>(".log")?.focus(); } }} /></div>
      {search.value && <span class="found"><span class="num" role="status">{hits.value.length ? `${count(hit.value + 1)} of ${count(hits.value.length)}` : "none"}</span><Button kind="ghost" icon="up" label="Previous find (N)" onClick={() => step(-1)} /><Button kind="ghost" icon="down" label="Next find (n)" onClick={() => step(1)} /></span>}
      <Button icon="follow" pressed={follow.value} title="Follow the end (f)" onClick={() => { follow.value = !follow.peek(); }}>Follow</Button>
      <Button icon="wrap" pressed={wrap.value} title="Wrap long lines (w)" onClick={() => { wrap.value = !wrap.peek(); }}>Wrap</Button>
      <Button icon="stderr" pressed={errors.value} title="Only stderr (e)" onClick={() => { errors.value = !errors.peek(); }}>stderr</Button>
      <Download run={run} operation={operation} one={one} />
    </div>
    {one && <div class="target-strip">
      <StatusMark state={one.status} /><strong class="apart"><a href={`/links/${encodeURIComponent(one.target)}`}>{one.target}</a></strong>{one.script && <code class="apart">{quote([one.script, ...one.arguments])}</code>}
      {one.exit_code !== null && <span class="num">exit code {one.exit_code}</span>}{one.signal && <span>signal {one.signal}</span>}
      {isOver(one.status) && <span class="num dim">{many(one.output_bytes, "byte")}{one.is_truncated && ", cut at the limit"}</span>}
      {operation.executions.length > 1 && <span class="end"><Button kind="ghost" icon="close" onClick={() => { chosen.value = null; }}>All targets together</Button></span>}
      {(one.error ?? one.reason) && one.status !== "success" && <p class="why-line"><Glyph tone={tone(one.status)} />{one.error ?? one.reason}</p>}
      {told && <p class="why-line dim"><Icon name="info" size={14} />{told}</p>}
    </div>}
    {dropped > 0 && <p class="kept"><Icon name="info" size={14} />The first {many(dropped, "line")} are no longer on this page. Choose a target and download its output to have all of it.</p>}
    {total > 0 ? <LogView lines={run.lines} revision={run.revision} execution={operation.executions.length === 1 ? operation.executions[0]!.id : one?.id ?? null} errorsOnly={errors.value} wrap={wrap.value} follow={follow} search={search.value} hits={hits} hit={hit}
      line={line} empty={one && isOver(one.status) ? one.status === "skipped" ? "It was not started." : "It wrote nothing." : "Nothing yet."} onLine={number => adjust({ line: line === number ? null : String(number + 1) })} />
      : <div class="log-frame nothing"><p>{isOver(operation.status) ? operation.kind === "verify" ? "A verification has no output; the result is with each target." : "Nothing was written." : "Nothing written yet."}</p></div>}
  </section>;
}

const MOST_BATCHES = 12;

/** The batches in their order, what came of each, and what holds the next one. */
function Batches({ operation }: { operation: Operation }) {
  const b = operation.batch;
  const targets = useMemo(() => [...new Set(operation.executions.map(e => e.target))], [operation.executions.length]);
  if (!b) return null;
  const sizes = batchSizes(b, targets.length), limit = failureLimit(b, targets.length);
  const place = new Map(targets.map((t, i) => [t, i]));
  const of: number[] = [];
  sizes.forEach((n, i) => { for (let k = 0; k < n; k++) of.push(i); });
  const counts: Counts[] = sizes.map(() => ({}));
  const bad = new Set<string>();
  for (const e of operation.executions) {
    const c = counts[of[place.get(e.target)!]!]!;
    c[e.status] = (c[e.status] ?? 0) + 1;
    if (isOver(e.status) && e.status !== "success" && e.status !== "skipped" && e.status !== "stopped") bad.add(e.target);
  }
  const begun = Math.max(0, b.current - 1);
  const from = sizes.length <= MOST_BATCHES ? 0 : Math.max(0, Math.min(begun - 2, sizes.length - MOST_BATCHES));
  const name = (i: number) => i === 0 && b.canary ? "Canary" : `Batch ${i + (b.canary ? 0 : 1)}`;
  const state = (i: number) => {
    const c = counts[i]!, total = totalOf(c), done = doneOf(c), wrong = total - (c.success ?? 0);
    if ((c.skipped ?? 0) === total) return "not started";
    if (done === total) return wrong ? `${count(wrong)} not ok` : "passed";
    return i < b.current ? "running" : "waits";
  };
  return <div class="batches"><ol aria-label="Batches">{from > 0 && <li class="dim">{many(from, "batch", "batches")} before</li>}
    {sizes.slice(from, from + MOST_BATCHES).map((n, k) => { const i = from + k; return <li key={i} class={i === begun && !isOver(operation.status) ? "now" : ""} aria-current={i === begun && !isOver(operation.status) ? "step" : undefined}><span><strong>{name(i)}</strong> <span class="num dim">{many(n, "link")}</span></span><Progress small counts={counts[i]!} label={name(i)} /><small>{state(i)}</small></li>; })}
    {sizes.length > from + MOST_BATCHES && <li class="dim">{count(sizes.length - from - MOST_BATCHES)} more</li>}</ol>
    {limit !== null && !isOver(operation.status) && <p class={bad.size > limit ? "tone-bad" : "dim"}>{bad.size > limit ? "Too many links failed: nothing more is started." : `Starts nothing more ${limit ? `when more than ${many(limit, "link")} failed` : "after the first failure"}; so far ${bad.size ? many(bad.size, "failure") : "none"}.`}</p>}
  </div>;
}

function Held({ operation, resume }: { operation: Operation; resume: () => void }) {
  const p = operation.pause;
  const left = useComputed(() => p?.until ? age(Math.max(0, Date.parse(p.until) - now.value)) : "");
  if (!p) return null;
  const begun = Math.max(0, (operation.batch?.current ?? 1) - 1), size = batchSizes(operation.batch, operation.targets)[begun] ?? 0;
  const text = p.reason === "by_hand" ? `Paused${p.by ? ` by ${p.by}` : ""}: what runs goes on to its end, nothing new is started.`
    : p.reason === "canary" ? `The canary (${many(size, "link")}) is done. Look at what came of it, then resume or stop.` : "Waiting between two batches.";
  return <div class="on-hold" role="status"><Icon name="pause" /><p>{text}{p.until && <> The next batch begins in <span class="num">{left}</span>.</>}</p>
    <Button kind="primary" icon="play" why={denied("operator", "Resuming")} onClick={resume}>{p.reason === "between_batches" ? "Go on now" : "Resume"}</Button></div>;
}

/** What exactly is run: file, bytes, arguments, variables. */
function Command({ operation }: { operation: Operation }) {
  if (!operation.inputs.length) return null;
  return <details class="command-facts"><summary><code class="apart">{operation.inputs.map(i => quote([i.script, ...i.arguments])).join(" ; ")}</code></summary>
    {operation.inputs.map(i => <div key={i.script}>
      <Code text={quote([i.path, ...i.arguments])} label={`Copy the command of ${i.script}`} />
      <p class="dim">{operation.commit && <>at commit <code>{short(operation.commit)}</code>, </>}ended after {duration(i.timeout_ms)}, SHA-256 <code class="breaks">{i.sha256}</code></p>
      {(Object.keys(i.environment).length > 0 || Object.keys(i.secrets).length > 0) && <p class="tags wraps">{Object.entries(i.environment).map(([k, v]) => <code class="tag" key={k}>{k}={v}</code>)}{Object.entries(i.secrets).map(([k, v]) => <code class="tag" key={k} title="The value is in the script's environment and nowhere else">{k} = secret {v}</code>)}</p>}
    </div>)}</details>;
}

/** The same scripts as they are by now, with the same values, to be looked over before they run again. */
function runAsNew(operation: Operation): void {
  const flags: Draft["flags"] = {}, parameters: Draft["parameters"] = {};
  for (const input of operation.inputs) {
    flags[input.script] = ownArguments(input.arguments, scripts.peek().find(s => s.id === input.script)?.parameters ?? [], input.parameters);
    parameters[input.script] = input.parameters;
  }
  newRun({ scripts: operation.scripts, flags, parameters, concurrency: operation.concurrency, batch: operation.batch, selectors: operation.selectors });
}

function Head({ run, operation, tab }: { run: Run; operation: Operation; tab: Signal<"targets" | "output"> }) {
  const stopping = useSignal(false), asked = useSignal(false), turning = useSignal(false);
  const over = isOver(operation.status), done = doneOf(operation.counts), total = totalOf(operation.counts), c = operation.counts;
  const order = async <T,>(verb: string): Promise<T | null> => {
    turning.value = true;
    try { return await post<T>(`/api/operations/${segment(operation.id)}/${verb}`); }
    catch (cause) { toast({ kind: "error", text: `It could not be ${verb}d: ${sentence(cause)}` }); return null; }
    finally { turning.value = false; }
  };
  const hold = async () => { if ((await order<{ paused: boolean }>("pause"))?.paused === false) toast({ kind: "note", text: "It was over already." }); };
  const resume = async () => { if ((await order<{ resumed: boolean }>("resume"))?.resumed === false) toast({ kind: "note", text: "It was not paused any more." }); };
  const stop = async () => {
    const { stopping: begun } = await post<{ stopping: boolean }>(`/api/operations/${segment(operation.id)}/stop`);
    asked.value = begun;
    toast({ kind: "note", text: begun ? "Stopping: what runs is being ended, what waits is skipped." : "It was over already." });
  };
  const why = retryWhy(operation, new Set());
  return <>
    <nav class="crumbs" aria-label="Breadcrumb"><a href="/operations">Operations</a><Icon name="right" size={12} /><span class="num">{operation.id}</span><Copy text={operation.id} label="Copy the id" /></nav>
    <div class="title run-title"><h1 tabIndex={-1} class="apart">{what(operation)}</h1><StatusMark state={operation.pause && !over ? "paused" : operation.status} /><AsOf />
      {(run.stream.value === "lost" || connection.value === "lost") && !over && <span class="chip bad"><Glyph tone="warn" />Connection lost; goes on by itself</span>}<span class="spring" />
      {operation.kind === "script" && over && <Button icon="again" kind={why ? undefined : "primary"} why={why} onClick={() => adjust({ ask: "retry" })}>Retry…</Button>}
      {operation.kind === "script" && over && <Button icon="play" why={denied("operator", "Running scripts")} onClick={() => runAsNew(operation)}>Run as new…</Button>}
      {!over && !operation.pause && <Button icon="pause" busy={turning.value} why={denied("operator", "Pausing")} onClick={() => void hold()}>Pause</Button>}
      {!over && <Button kind="danger" icon="stop" busy={asked.value} why={denied("operator", "Stopping an operation")} onClick={() => { stopping.value = true; }}>{asked.value ? "Stopping…" : "Stop…"}</Button>}
    </div>
    <p class="meta"><span>{many(operation.targets, "link")}: <span class="selectors apart" title={operation.selectors.join(", ")}>{operation.selectors.slice(0, 6).join(", ")}{operation.selectors.length > 6 && ` and ${operation.selectors.length - 6} more`}</span></span>
      <span>by {operation.started_by}</span><span>queued <Ago at={operation.queued_at} /> <span class="dim">({clock(operation.queued_at)})</span></span>
      <span>{over ? "took" : "running for"} <Took from={operation.started_at} to={operation.ended_at} ms={operation.duration_ms} /></span>
      {operation.commit && <span>commit <code>{short(operation.commit)}</code></span>}<span>{operation.concurrency} at once</span>
      {operation.retry_of && <span>retry of <a href={`/operations/${encodeURIComponent(operation.retry_of)}`}>{operation.retry_of}</a></span>}
      {operation.retries.length > 0 && <span>retried as {operation.retries.map((id, i) => <>{i > 0 && ", "}<a href={`/operations/${encodeURIComponent(id)}`} key={id}>{id}</a></>)}</span>}</p>
    <Command operation={operation} />
    <div class="progress-row"><Progress counts={c} label="Executions finished" /><span class="num">{count(done)} of {count(total)}</span></div>
    <Batches operation={operation} />
    {!over && <Held operation={operation} resume={() => void resume()} />}
    {operation.reason && <p class="reason"><Glyph tone={tone(operation.status)} />{operation.reason}</p>}
    <div class="tabs narrow-only" role="group" aria-label="Show"><button type="button" aria-pressed={tab.value === "output"} onClick={() => { tab.value = "output"; }}>Output</button><button type="button" aria-pressed={tab.value === "targets"} onClick={() => { tab.value = "targets"; }}>Targets <b class="num">{count(operation.executions.length)}</b></button></div>
    {stopping.value && <Confirm title={`Stop ${what(operation)}?`} act="Stop it" danger onClose={() => { stopping.value = false; }} onConfirm={stop}>
      <p>What runs on {many(c.running ?? 0, "link")} is ended (TERM, then KILL after a grace); {many(c.queued ?? 0, "execution")} that still wait are skipped. What a script has changed so far stays changed.</p>
    </Confirm>}
  </>;
}

export default function OperationPage({ id }: { id: string }) {
  const run = useMemo(() => new Run(id), [id]);
  const tab = useSignal<"targets" | "output">(query.peek().get("view") && !query.peek().get("target") ? "targets" : "output"), marked = useSignal<ReadonlySet<string>>(new Set());
  // The chosen target is in the address, by its name: that is a link one can give to others.
  const chosen = useSignal<string | null>(null);
  const operation = run.operation.value;
  useEffect(() => run.follow(), [run]);
  const ready = operation !== null;
  useEffect(() => {
    if (!ready) return;
    const q = query.peek(), target = q.get("target"), script = q.get("script");
    const list = run.operation.peek()!.executions;
    chosen.value = target === null ? null : list.find(e => e.target === target && (!script || e.script === script))?.id ?? null;
    if (target !== null && !chosen.peek()) toast({ kind: "note", text: `${target} is not among this operation's targets.` });
    let before = chosen.peek();
    return chosen.subscribe(c => {
      if (c === before) return;
      before = c;
      const e = run.operation.peek()!.executions.find(each => each.id === c);
      adjust({ target: e?.target ?? null, script: e && run.operation.peek()!.scripts.length > 1 ? e.script : null, line: null });
      if (c) tab.value = "output";
    });
  }, [ready]);
  if (run.missing.value) return <main id="page"><h1 class="unseen" tabIndex={-1}>Not found</h1><Empty title="There is no such operation" action={<a class="button" href="/operations">All operations</a>}>No operation has the id {id}, or it is not among those you may see.</Empty></main>;
  if (!operation) return <main id="page"><h1 class="unseen" tabIndex={-1}>Operation</h1>{run.failed.value ? <Trouble text={run.failed.value}><Button onClick={() => location.reload()}>Try again</Button></Trouble> : <Skeleton rows={12} label="Loading the operation" />}</main>;
  const view = views.find(([v]) => v === query.value.get("view"))?.[0] ?? "list";
  const one = operation.executions.length === 1 ? operation.executions[0]! : operation.executions.find(e => e.id === chosen.value) ?? null;
  return <main id="page" class="run-page">
    <Head run={run} operation={operation} tab={tab} />
    {run.failed.value && <Trouble text={`What is shown may be old: ${run.failed.value}`}><Button onClick={() => void run.fetch()}>Try again</Button></Trouble>}
    <div class={`run-split show-${tab.value} view-${view}`}>
      <Targets operation={operation} view={view} chosen={chosen} marked={marked} />
      <Output run={run} operation={operation} chosen={chosen} one={one} />
    </div>
    {query.value.get("ask") === "retry" && !retryWhy(operation, marked.value) && <RetrySheet operation={operation} marked={marked.value} onClose={() => adjust({ ask: null })} />}
  </main>;
}

