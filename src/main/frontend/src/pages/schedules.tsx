import { computed, signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { resolve } from "../filter";
import { initial } from "../flags";
import { connection, links, operations, scripts } from "../live/fleet";
import { cronProblem, quote } from "../plan";
import { adjust, navigate, query } from "../router";
import { denied } from "../session";
import "../style/operations.css";
import type { Firing, Schedule, ScheduledWork } from "../types/operations";
import { Ago, age, Button, clock, count, Empty, Fact, Facts, Glyph, Icon, many, now, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { badNumber, NumberIn, scriptProblem, ScriptsPart, Step, TargetsPart } from "./runparts";

const EVERY_MS = 20_000;
const PREVIEW_AFTER = 250;

const schedules = signal<readonly Schedule[] | null>(null);
const failed = signal<string | null>(null);
const fetchedAt = signal(0);

async function refresh(): Promise<void> {
  try {
    schedules.value = (await api<{ schedules: Schedule[] }>("/api/schedules")).schedules;
    failed.value = null;
    fetchedAt.value = Date.now();
  } catch (cause) { failed.value = sentence(cause); }
}
const put = (s: Schedule) => { schedules.value = [...(schedules.peek() ?? []).filter(o => o.id !== s.id), s].sort((a, b) => a.id < b.id ? -1 : 1); };

const inZone = (at: string, zone: string) => { try { return new Date(at).toLocaleString(undefined, { timeZone: zone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false }); } catch { return new Date(at).toISOString(); } };
const exact = (at: string) => new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** How long until then, in words that change only when they must. */
function Until({ at }: { at: string }) {
  const words = useComputed(() => { const ms = Date.parse(at) - now.value; return ms <= 0 ? "now" : `in ${age(ms)}`; });
  return <time class="num" dateTime={at} title={exact(at)}>{words}</time>;
}

const outcomes: Record<Firing["outcome"], string> = { starting: "Starting", started: "Started", refused: "Refused", missed: "Missed" };
const Outcome = ({ f }: { f: Firing }) => <span class="status"><StatusMark state={f.outcome} bare /><span>{outcomes[f.outcome]}{f.times > 1 && ` ${count(f.times)} times`}</span></span>;
const bad = (f: Firing | null) => f !== null && (f.outcome === "missed" || f.outcome === "refused");
const title = (s: ScheduledWork) => s.scripts.join(", ");

const columns: Column<Schedule>[] = [
  { key: "enabled", title: "State", width: "76px", cell: s => <span class="status"><Glyph tone={s.enabled ? "ok" : "off"} />{s.enabled ? "On" : "Off"}</span> },
  { key: "id", title: "Schedule", width: "minmax(140px,1.2fr)", cell: s => <span class="name apart" title={s.description ?? s.id}>{s.id}</span> },
  { key: "scripts", title: "Runs", width: "minmax(120px,1fr)", from: 700, cell: s => <span class="apart" title={title(s)}>{title(s)}</span> },
  { key: "on", title: "On", width: "minmax(100px,.8fr)", from: 900, cell: s => <span class="dim apart" title={s.targets.join(", ")}>{s.targets.join(", ")}</span> },
  { key: "cron", title: "When", width: "minmax(120px,.8fr)", cell: s => <code title={`${s.cron} in ${s.timezone}`}>{s.cron}</code> },
  { key: "next", title: "Next", width: "92px", right: true, cell: s => s.next_at ? <Until at={s.next_at} /> : <span class="dim">–</span> },
  { key: "last", title: "Last time", width: "150px", cell: s => s.last ? <span class="last-time"><Outcome f={s.last} /></span> : <span class="dim">never yet</span> },
  { key: "ago", title: "", width: "84px", right: true, from: 800, cell: s => s.last && <Ago at={s.last.due_at} /> },
  { key: "source", title: "From", width: "70px", from: 760, cell: s => <span class="tag">{s.source === "git" ? "Git" : "here"}</span> },
];
const narrowRow = (s: Schedule) => <div class="two"><div><Glyph tone={s.enabled ? "ok" : "off"} label={s.enabled ? "On" : "Off"} /><span class="name apart">{s.id}</span><span class="end">{s.next_at ? <Until at={s.next_at} /> : "off"}</span></div>
  <div class="dim"><code>{s.cron}</code><span class="why apart">{title(s)}</span>{s.last && <span class="end"><Outcome f={s.last} /></span>}</div></div>;

const isZone = (zone: string) => { try { new Intl.DateTimeFormat("en", { timeZone: zone }); return true; } catch { return false; } };

function Times({ cron, zone, every }: { cron: string; zone: string; every: number }) {
  const times = useSignal<string[] | null>(null), problem = useSignal<string | null>(null);
  useEffect(() => {
    times.value = null;
    problem.value = cronProblem(cron) ?? (isZone(zone || "UTC") ? null : `There is no time zone ${zone}.`);
    if (problem.value) return;
    const left = new AbortController();
    const timer = setTimeout(() => { api<{ times: string[] }>(`/api/schedules/preview?${new URLSearchParams({ cron, timezone: zone || "UTC", count: String(every) })}`, { signal: left.signal }).then(
      t => { times.value = t.times; problem.value = null; }, cause => { if (!left.signal.aborted) { times.value = null; problem.value = sentence(cause); } }); }, PREVIEW_AFTER);
    return () => { left.abort(); clearTimeout(timer); };
  }, [cron, zone]);
  if (problem.value) return <p class="wrong-note" role="status">{problem.value}</p>;
  if (!times.value) return <p class="dim next-times">…</p>;
  if (!times.value.length) return <p class="wrong-note" role="status">It never comes due.</p>;
  return <ol class="next-times num" aria-label="Next times" aria-live="polite">{times.value.map(t => <li key={t}><span>{inZone(t, zone || "UTC")}</span><span class="dim"><Until at={t} /></span></li>)}</ol>;
}

function Detail({ schedule: s }: { schedule: Schedule }) {
  const firings = useSignal<Firing[] | null>(null), trouble = useSignal<string | null>(null), removing = useSignal(false), busy = useSignal(false);
  const key = `${s.id} ${s.last?.due_at} ${s.last?.outcome} ${s.last?.operation_id}`;
  useEffect(() => {
    const left = new AbortController();
    api<{ firings: Firing[] }>(`/api/schedules/${segment(s.id)}/firings?limit=50`, { signal: left.signal }).then(f => { firings.value = f.firings; trouble.value = null; }, cause => { if (!left.signal.aborted) trouble.value = sentence(cause); });
    return () => left.abort();
  }, [key]);
  const act = async (work: () => Promise<void>, what: string) => {
    busy.value = true;
    try { await work(); } catch (cause) { toast({ kind: "error", text: `${what}: ${sentence(cause)}` }); }
    busy.value = false;
  };
  const turn = () => act(async () => put(await post<Schedule>(`/api/schedules/${segment(s.id)}/enabled`, { enabled: !s.enabled })), `${s.id} could not be switched ${s.enabled ? "off" : "on"}`);
  const run = () => act(async () => { const { operation_id } = await post<{ operation_id: string }>(`/api/schedules/${segment(s.id)}/run`); navigate(`/operations/${encodeURIComponent(operation_id)}`); }, `${s.id} was not started`);
  const git = s.source === "git" ? "It comes from schedules.yaml: change it in the repository, push, and sync." : null;
  return <aside class="panel side" aria-labelledby="schedule-title">
    <header><a class="button ghost only back" href="/operations?view=scheduled" aria-label="Back to the schedules"><Icon name="left" /></a><h2 id="schedule-title" class="apart">{s.id}</h2>
      <Button kind="ghost" class="close" icon="close" label="Close" onClick={() => adjust({ schedule: null })} /></header>
    <div class="schedule-facts">
      <div class="side-actions"><Button icon="play" busy={busy.value} why={denied("operator", "Running scripts")} onClick={() => void run()}>Run now</Button>
        <Button icon={s.enabled ? "pause" : "play"} why={denied("operator", "Switching schedules")} onClick={() => void turn()}>{s.enabled ? "Switch off" : "Switch on"}</Button>
        <Button icon="pencil" why={denied("operator", "Changing schedules") ?? git} onClick={() => adjust({ edit: s.id })}>Edit…</Button>
        <Button kind="danger" icon="remove" why={denied("operator", "Removing schedules") ?? git} onClick={() => { removing.value = true; }}>Delete…</Button></div>
      {bad(s.last) && <Trouble text={`${outcomes[s.last!.outcome]}${s.last!.times > 1 ? ` ${count(s.last!.times)} times, the last` : ""}: ${exact(s.last!.due_at)}. ${s.last!.reason ?? ""}`} />}
      {s.description && <p class="apart breaks">{s.description}</p>}
      <Facts>
        <Fact name="State">{s.enabled ? "On" : <>Off{s.switched_by && ` by ${s.switched_by}`}; times that pass meanwhile are not made up for</>}</Fact>
        <Fact name="When"><code>{s.cron}</code> <span class="dim">in {s.timezone}</span></Fact>
        <Fact name="Runs">{s.scripts.map(id => <div key={id}><a href={`/scripts/${encodeURIComponent(id)}`}><code class="breaks">{quote([id, ...s.flags[id] ?? []])}</code></a></div>)}</Fact>
        <Fact name="On"><span class="breaks">{s.targets.join(", ")}</span> <span class="dim num">now {many(resolve(s.targets, links.value).links.length, "link")}</span></Fact>
        <Fact name="How">{s.concurrency ? `${count(s.concurrency)} at once` : "default concurrency"}; {s.on_failure === "stop" ? "stops on a link after a failure there" : "goes on after a failure"}; {s.overlap ? "starts even if the time before still runs" : "skipped while the time before still runs"}</Fact>
        <Fact name="From">{s.source === "git" ? "schedules.yaml of the repository" : `made here${s.created_by ? ` by ${s.created_by}` : ""}`}</Fact>
      </Facts>
      {s.enabled && <section><h3>Next times</h3><Times cron={s.cron} zone={s.timezone} every={5} /></section>}
      <section><h3>What came of it</h3>{trouble.value ? <Trouble text={trouble.value} /> : !firings.value ? <Skeleton rows={3} label="Loading firings" /> : !firings.value.length ? <p class="dim">It has not been due yet.</p>
        : <ul class="firings">{firings.value.map(f => <li key={f.due_at + f.decided_at}><Outcome f={f} /><span class="num" title={exact(f.due_at)}>{inZone(f.due_at, s.timezone)}</span>{f.operation_id ? <a href={`/operations/${encodeURIComponent(f.operation_id)}`}>{operations.value.get(f.operation_id) ? <StatusMark state={operations.value.get(f.operation_id)!.status} /> : "its run"}</a> : <span />}{f.reason && <p>{f.reason}</p>}</li>)}</ul>}</section>
    </div>
    {removing.value && <Confirm title={`Delete ${s.id}?`} act="Delete it" danger onClose={() => { removing.value = false; }} onConfirm={async () => { await api(`/api/schedules/${segment(s.id)}`, { method: "DELETE" }); await refresh(); adjust({ schedule: null }); toast({ kind: "done", text: `${s.id} is deleted.` }); }}>
      <p>It will not run any more. The operations it has started stay in the history.</p></Confirm>}
  </aside>;
}

const presets: [string, string][] = [["0 * * * *", "Every hour"], ["30 4 * * *", "Every night, 04:30"], ["0 7 * * 1-5", "Weekdays, 07:00"], ["0 3 * * 0", "Sundays, 03:00"], ["0 2 1 * *", "First of the month"]];
const zones = computed(() => { try { return ["UTC", ...Intl.supportedValuesOf("timeZone").filter(z => z !== "UTC")]; } catch { return ["UTC"]; } });
const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Only arguments go into a schedule: what needs a parameter cannot be started by it. */
const unfit = (id: string) => {
  const needed = scripts.value.find(s => s.id === id)?.parameters.filter(p => p.required && p.default === null).map(p => p.name) ?? [];
  return needed.length ? `${id} needs a value for ${needed.join(", ")}, which a schedule cannot give. Give the parameter a default in scripts.yaml.` : null;
};

function Form({ schedule: s, start, onClose }: { schedule: Schedule | null; start: string | null; onClose: () => void }) {
  const id = useSignal(s?.id ?? ""), cron = useSignal(s?.cron ?? "30 4 * * *"), zone = useSignal(s?.timezone ?? here()), description = useSignal(s?.description ?? "");
  const chosen = useSignal(s?.scripts ?? (start ? [start] : [])), flags = useSignal<Record<string, string[]>>(s?.flags ?? (start ? { [start]: initial(scripts.peek().find(x => x.id === start)?.flags ?? []) } : {}));
  const selectors = useSignal(s?.targets ?? []), picked = useSignal<string[]>([]), concurrency = useSignal(s?.concurrency ? String(s.concurrency) : ""), goesOn = useSignal(s?.on_failure === "continue"), overlap = useSignal(s?.overlap ?? false);
  const busy = useSignal(false), error = useSignal<ApiError | null>(null), zoneId = useId();
  const resolved = useComputed(() => resolve(selectors.value, links.value));
  const said = (field: string) => error.value?.field(field) ?? null;
  const taken = !s && schedules.value?.some(o => o.id === id.value.trim());
  const why = !id.value.trim() ? "Give it a name." : taken ? `There is a schedule ${id.value.trim()} already.` : cronProblem(cron.value) ? `When: ${cronProblem(cron.value)}` : !chosen.value.length ? "Choose at least one script."
    : chosen.value.map(unfit).find(Boolean) ?? chosen.value.map(c => scriptProblem(c, flags.value, {}, false)).find(Boolean) ?? (!selectors.value.length ? "Choose at least one target." : badNumber(concurrency.value, 1, 10_000) ? "“At once” is not right: see the note under it." : null);
  const save = async () => {
    busy.value = true;
    error.value = null;
    try {
      const saved = await api<Schedule>(`/api/schedules/${segment(id.peek().trim())}`, { method: "PUT", body: {
        cron: cron.peek().trim(), timezone: zone.peek().trim() || "UTC", scripts: chosen.peek(), targets: selectors.peek(), on_failure: goesOn.peek() ? "continue" : "stop", overlap: overlap.peek(),
        flags: Object.fromEntries(chosen.peek().map(c => [c, flags.peek()[c] ?? []] as const).filter(([, l]) => l.length)),
        ...description.peek().trim() ? { description: description.peek().trim() } : {}, ...concurrency.peek() ? { concurrency: Number(concurrency.peek()) } : {} } });
      put(saved);
      adjust({ edit: null, start: null, schedule: saved.id });
      toast({ kind: "done", text: s ? `${saved.id} is changed.` : `${saved.id} is made.` });
    } catch (cause) { error.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause)); }
    busy.value = false;
  };
  return <Sheet title={s ? `Change ${s.id}` : "New schedule"} kind="wide" onClose={onClose} footer={<><p class="footer-why">{why ?? `${many(chosen.value.length, "script")} on ${many(resolved.value.links.length, "link")} as of now`}</p><Button onClick={onClose}>Cancel</Button><Button kind="primary" icon="check" busy={busy.value} why={why} onClick={() => void save()}>{s ? "Save" : "Make the schedule"}</Button></>}>
    <div class="schedule-form run-form">
      <Step number={1} title="When">
        <div class="pair"><div class="stack">{!s && <Field label="Name" value={id} autoFocus error={taken ? "There is one of this name already." : said("id")} />}
          <Field label="Time (cron)" value={cron} mono hint="Minute, hour, day, month, weekday; or @daily and the like" error={said("cron")} />
          <div class={said("timezone") ? "field wrong" : "field"}><label for={zoneId}>Time zone</label><input id={zoneId} type="text" list={`${zoneId}-list`} value={zone} spellcheck={false} autocomplete="off" onInput={event => { zone.value = (event.target as HTMLInputElement).value; }} /><datalist id={`${zoneId}-list`}>{zones.value.map(z => <option key={z} value={z} />)}</datalist>{said("timezone") && <p class="note">{said("timezone")}</p>}</div></div>
          <div class="stack"><div class="suggested">{presets.map(([c, text]) => <button key={c} type="button" class="filter" aria-pressed={cron.value === c} onClick={() => { cron.value = c; }}>{text}</button>)}</div><div class="preview"><Times cron={cron.value} zone={zone.value} every={5} /></div></div></div>
        <Field label="Description" value={description} error={said("description")} />
      </Step>
      <ScriptsPart number={2} chosen={chosen} flags={flags} values={null} said={said} unfit={script => unfit(script.id)} />
      <TargetsPart number={3} selectors={selectors} picked={picked} chosen={resolved.value.links} empty={resolved.value.empty} refused={null} said={said} note="They are looked up anew each time: links that come to a tag later are among them." />
      <Step number={4} title="How"><div class="how"><NumberIn label="At once" value={concurrency} min={1} max={10_000} placeholder="default" error={said("concurrency")} />
        <fieldset class="field"><legend>What if</legend><label><input type="checkbox" checked={goesOn.value} onChange={() => { goesOn.value = !goesOn.peek(); }} />After a failure, run the next script on that link all the same</label>
          <label><input type="checkbox" checked={overlap.value} onChange={() => { overlap.value = !overlap.peek(); }} />Start even while the time before still runs</label></fieldset></div>
        {error.value && <Trouble text={error.value.message} />}</Step>
    </div>
  </Sheet>;
}

export default function Schedules({ tabs }: { tabs: ComponentChildren }) {
  const id = query.value.get("schedule"), edit = query.value.get("edit");
  // Nothing tells of schedules by itself: looked up now and then, and when an operation begins or ends.
  useEffect(() => { void refresh(); const timer = setInterval(() => { if (document.visibilityState === "visible") void refresh(); }, EVERY_MS); return () => clearInterval(timer); }, []);
  const stirred = useComputed(() => [...operations.value.values()].filter(o => o.started_by.startsWith("schedule")).map(o => `${o.id}${o.status}`).join());
  useSignalEffect(() => { stirred.value; connection.value; if (schedules.peek()) void refresh(); });
  const list = schedules.value;
  const told = list?.filter(s => bad(s.last)) ?? [];
  const chosen = list?.find(s => s.id === id) ?? null;
  const editing = edit && edit !== "new" ? list?.find(s => s.id === edit) ?? null : null;
  const why = denied("operator", "Making schedules");
  return <div class="beside schedules">
    <section class="panel table-panel" aria-label="Schedules"><div class="tools">{tabs}<span class="dim num">{list && many(list.length, "schedule")}{failed.value && list && `, as of ${clock(fetchedAt.value)}`}</span></div>
      {failed.value && <Trouble text={failed.value}><Button onClick={() => void refresh()}>Try again</Button></Trouble>}
      {told.length > 0 && <p class="hint"><Glyph tone="warn" /> {many(told.length, "schedule")} did not start at the last time: {told.slice(0, 4).map((s, i) => <>{i > 0 && ", "}<button type="button" class="as-link" key={s.id} onClick={() => adjust({ schedule: s.id })}>{s.id}</button></>)}{told.length > 4 && " …"}</p>}
      {!list ? !failed.value && <Skeleton rows={8} label="Loading schedules" /> : list.length ? <div class={failed.value ? "stale whole-table" : "whole-table"}><DataTable label="Schedules" rows={list} columns={columns} id={s => s.id} narrow={narrowRow} opened={id} onOpen={s => adjust({ schedule: s.id })} /></div>
        : <Empty title="Nothing is scheduled" action={<Button icon="plus" why={why} onClick={() => adjust({ edit: "new" })}>New schedule</Button>}>A schedule runs scripts by the clock. Make one here, or describe it in schedules.yaml of the Git repository.</Empty>}
    </section>
    {chosen ? <Detail key={chosen.id} schedule={chosen} /> : id && list ? <aside class="panel side"><Empty title="There is no such schedule" action={<Button onClick={() => adjust({ schedule: null })}>All schedules</Button>}>None is called {id}; it may have been removed.</Empty></aside> : null}
    {edit && !why && (edit === "new" || editing) && <Form schedule={editing} start={query.value.get("start")} onClose={() => adjust({ edit: null, start: null })} />}
  </div>;
}
