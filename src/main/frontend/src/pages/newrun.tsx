import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { resolve } from "../filter";
import { initial } from "../flags";
import { links, scripts, scriptsCommit } from "../live/fleet";
import { parameterValues, quote } from "../plan";
import { navigate } from "../router";
import { draft } from "../run";
import "../style/operations.css";
import type { NotEnrolled, ScriptSource } from "../types";
import type { DryRun } from "../types/operations";
import { Button, count, duration, many, short, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { toast } from "../ui/toast";
import { badNumber, NumberIn, scriptProblem, ScriptsPart, Step, TargetsPart, type Values } from "./runparts";

const ASK_ABOVE = 50;
const MOST_AT_ONCE = 10_000, MOST_TARGETS = 100_000, WEEK = 604_800;
const LISTED = 200;
const REHEARSE_AFTER = 300;

function ReviewSource({ id }: { id: string }) {
  const source = useSignal<ScriptSource | null>(null), failed = useSignal<string | null>(null);
  useEffect(() => { api<ScriptSource>(`/api/scripts/${segment(id)}`).then(s => { source.value = s; }, cause => { failed.value = sentence(cause); }); }, [id]);
  const s = source.value;
  return failed.value ? <Trouble text={failed.value} /> : <>
    <p class="note">{s ? <><code class="breaks">{s.path}</code> at commit <code>{short(s.commit)}</code>, SHA-256 <code class="breaks">{s.sha256}</code></> : "…"}</p>
    <pre class="review-source" tabIndex={0} role="region" aria-label={`Source of ${id}`}>{s?.source ?? ""}</pre></>;
}

/** What the server would do, as it says without doing it. */
function Review({ plan, stale, chosen, flags }: { plan: DryRun | null; stale: boolean; chosen: string[]; flags: Record<string, string[]> }) {
  const commands = plan ? plan.scripts : chosen.map(id => ({ script: id, arguments: flags[id] ?? [], timeout_ms: null, environment: {}, secrets: {} }));
  return <div class={stale ? "stale" : undefined}>
    {commands.length > 0 && <ul class="review">{commands.map(c => <li key={c.script}><details><summary><code class="apart">{quote([c.script, ...c.arguments])}</code></summary>
      {c.timeout_ms !== null && <p class="note">Ended after {duration(c.timeout_ms)}.</p>}
      {(Object.keys(c.environment).length > 0 || Object.keys(c.secrets).length > 0) && <p class="tags wraps">{Object.entries(c.environment).map(([k, v]) => <code class="tag" key={k}>{k}={v}</code>)}{Object.entries(c.secrets).map(([k, v]) => <code class="tag" key={k}>{k} = secret {v}</code>)}</p>}
      <ReviewSource id={c.script} /></details></li>)}</ul>}
    {plan && <details class="review-targets"><summary class="num">The same command on each of {many(plan.targets.length, "link")}{plan.batches.length > 1 && ` in ${count(plan.batches.length)} batches (${plan.batches.slice(0, 6).join(", ")}${plan.batches.length > 6 ? ", …" : ""})`}, {count(plan.concurrency)} at once</summary>
      <ul tabIndex={0} aria-label="Targets">{plan.targets.slice(0, LISTED).map(t => <li key={t.target}><span class="num dim">{plan.batches.length > 1 ? `batch ${t.batch}` : ""}</span><strong class="apart">{t.target}</strong><code class="apart">{t.route.join(" → ")}</code></li>)}</ul>
      {plan.targets.length > LISTED && <p class="note">and {count(plan.targets.length - LISTED)} more</p>}</details>}
  </div>;
}

export default function RunSheet() {
  const from = draft.peek()!;
  const chosen = useSignal(from.scripts), flags = useSignal<Record<string, string[]>>({ ...Object.fromEntries(from.scripts.map(id => [id, initial(scripts.peek().find(s => s.id === id)?.flags ?? [])])), ...from.flags });
  const values = useSignal<Values>(from.parameters), timeouts = useSignal<Record<string, string>>({});
  const selectors = useSignal(from.selectors), picked = useSignal(from.picked);
  const text = (n: number | null | undefined) => useSignal(n == null ? "" : String(n));
  const b = from.batch;
  const concurrency = text(from.concurrency), goesOn = useSignal(false), typed = useSignal("");
  const inBatches = useSignal(!!b), canary = text(b?.canary), waits = useSignal(b?.pause_after_canary ?? true), size = text(b?.size ?? b?.percent), sizeUnit = useSignal(b?.percent != null ? "percent" : "size"), pause = text(b?.pause_s || null);
  const most = text(b?.max_failures ?? b?.max_failure_percent), mostUnit = useSignal(b?.max_failure_percent != null ? "max_failure_percent" : "max_failures");
  const busy = useSignal(false), looking = useSignal(false), failed = useSignal<ApiError | null>(null);
  const plan = useSignal<DryRun | null>(null), planFor = useSignal(""), refusal = useSignal<ApiError | null>(null);
  const resolved = useComputed(() => resolve([...picked.value, ...selectors.value], links.value));
  const targets = resolved.value.links;
  const close = () => { draft.value = null; };

  const trouble = chosen.value.map(id => scriptProblem(id, flags.value, values.value, true)).find(Boolean) ?? null;
  const numbers: [string, number, number][] = [[concurrency.value, 1, MOST_AT_ONCE], ...Object.entries(timeouts.value).filter(([id]) => chosen.value.includes(id)).map(([, t]) => [t, 1, WEEK] as [string, number, number]),
    ...inBatches.value ? [[canary.value, 1, MOST_TARGETS], [size.value, 1, sizeUnit.value === "percent" ? 100 : MOST_TARGETS], [pause.value, 0, WEEK], [most.value, 0, mostUnit.value === "max_failures" ? MOST_TARGETS : 100]] as [string, number, number][] : []];
  const badly = numbers.some(([v, min, max]) => badNumber(v, min, max)) ? "One of the numbers is not right: see the note under it." : null;
  const ready = chosen.value.length > 0 && !trouble && !badly && targets.length > 0 && !resolved.value.empty.length;
  const filled = (entries: [string, string][]) => Object.fromEntries(entries.filter(([, v]) => v !== "").map(([k, v]) => [k, Number(v)]));
  const body = {
    scripts: chosen.value, targets: [...picked.value, ...selectors.value], on_failure: goesOn.value ? "continue" : "stop",
    flags: Object.fromEntries(chosen.value.map(id => [id, flags.value[id] ?? []] as const).filter(([, list]) => list.length)),
    parameters: Object.fromEntries(chosen.value.map(id => [id, parameterValues(scripts.value.find(s => s.id === id)?.parameters ?? [], values.value[id] ?? {})] as const).filter(([, v]) => Object.keys(v).length)),
    ...filled([["concurrency", concurrency.value]]),
    ...Object.keys(filled(Object.entries(timeouts.value).filter(([id]) => chosen.value.includes(id)))).length ? { timeouts: filled(Object.entries(timeouts.value).filter(([id]) => chosen.value.includes(id))) } : {},
    ...inBatches.value ? { batch: { ...filled([["canary", canary.value], [sizeUnit.value, size.value], ["pause_s", pause.value], [mostUnit.value, most.value]]), ...canary.value ? { pause_after_canary: waits.value } : {} } } : {},
  };
  const asked = ready ? JSON.stringify(body) : "";

  // A dry run after each change: it connects to nothing and stores nothing.
  useEffect(() => {
    refusal.value = null;
    failed.value = null;
    if (!asked) { plan.value = null; return; }
    const left = new AbortController();
    const timer = setTimeout(() => {
      api<DryRun>("/api/operations/run", { method: "POST", body: { ...JSON.parse(asked) as object, dry_run: true }, signal: left.signal })
        .then(found => { plan.value = found; planFor.value = asked; }, cause => { if (!left.signal.aborted) { plan.value = null; refusal.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause)); } });
    }, REHEARSE_AFTER);
    return () => { left.abort(); clearTimeout(timer); };
  }, [asked]);

  const error = failed.value ?? refusal.value;
  const said = (field: string) => error?.field(field) ?? null;
  const there = new Set(targets.map(t => t.id));
  const refused = [...plan.value?.targets.filter(t => t.reason !== null).map(t => ({ target: t.target, reason: t.reason!, error: t.error ?? "" })) ?? [], ...error?.code === "NOT_ENROLLED" ? error.details["targets"] as NotEnrolled[] | undefined ?? [] : []].filter((r, i, all) => there.has(r.target) && all.findIndex(o => o.target === r.target) === i);
  const prod = targets.filter(t => t.tags.includes("prod")).length;
  const ask = targets.length > ASK_ABOVE || prod > 0;
  const why = !chosen.value.length ? "Choose at least one script."
    : trouble ?? (resolved.value.empty.length ? `“${resolved.value.empty[0]}” matches no link.`
    : !targets.length ? "Choose at least one target."
    : badly ?? (refused.length || targets.some(t => t.enrollment.status === "refused") ? "Some targets are not enrolled: leave them out, or enroll them first."
    : refusal.value && refusal.value.status !== 0 && refusal.value.status < 500 ? refusal.value.message
    : ask && typed.value.trim() !== String(targets.length) ? `Type ${targets.length} to confirm.` : null));

  const send = async (path: string, sent: object) => {
    failed.value = null;
    try {
      const answer = await post<{ operation_id: string }>(path, sent);
      close();
      navigate(`/operations/${encodeURIComponent(answer.operation_id)}`);
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause)); }
  };
  const run = async () => { busy.value = true; await send("/api/operations/run", body); busy.value = false; };
  const look = async () => {
    looking.value = true;
    await send("/api/operations/preflight", { scripts: body.scripts, targets: body.targets, ...filled([["concurrency", concurrency.value]]) });
    looking.value = false;
    if (!failed.peek()) toast({ kind: "note", text: "This only looks whether the scripts could run; nothing is changed on the links." });
  };
  // Errors of fields that have no place of their own above.
  const placed = (f: string) => /^(targets|scripts|concurrency|flags\.|parameters\.|timeouts\.|batch\.(canary|size|percent|pause_s|max_failures|max_failure_percent)$)/.test(f);
  const loose = Object.entries(error?.details["fields"] as Record<string, string> | undefined ?? {}).filter(([f]) => !placed(f));

  return <Sheet title="New run" kind="wide" onClose={close} note={scriptsCommit.value ? <span class="dim end">Scripts at <code>{short(scriptsCommit.value)}</code></span> : undefined}
    footer={<><p class="footer-why">{why ?? `${many(chosen.value.length, "script")} on ${many(targets.length, "link")}`}</p><Button onClick={close}>Cancel</Button>
      <Button icon="verify" busy={looking.value} why={!chosen.value.length || !targets.length ? "Choose scripts and targets first." : null} title="Connects to each link and looks whether the scripts could run there" onClick={() => void look()}>Preflight</Button>
      <Button kind="primary" icon="play" busy={busy.value} why={why} onClick={() => void run()}>Run on {many(targets.length, "link")}</Button></>}>
    <div class="run-form">
      <ScriptsPart number={1} chosen={chosen} flags={flags} values={values} timeouts={timeouts} said={said} />
      <TargetsPart number={2} selectors={selectors} picked={picked} chosen={targets} empty={resolved.value.empty} refused={refused} said={said} />
      <Step number={3} title="How">
        <div class="how">
          <NumberIn label="At once" value={concurrency} min={1} max={MOST_AT_ONCE} placeholder="default" hint="How many links at the same time, in the order above." error={said("concurrency")} />
          <fieldset class="field"><legend>When a script fails on a link</legend>
            <label><input type="radio" name="on-failure" checked={!goesOn.value} onChange={() => { goesOn.value = false; }} />Skip the scripts after it there</label>
            <label><input type="radio" name="on-failure" checked={goesOn.value} onChange={() => { goesOn.value = true; }} />Run the next one all the same</label></fieldset>
        </div>
        <label class="choice tall"><input type="checkbox" checked={inBatches.value} onChange={() => { inBatches.value = !inBatches.peek(); }} />In batches, with a canary or a failure limit</label>
        {inBatches.value && <div class="batch-form">
          <NumberIn label="Canary" value={canary} min={1} max={MOST_TARGETS} unit="links" hint="They come first, alone." error={said("batch.canary")} />
          <NumberIn label="Batch size" value={size} min={1} max={sizeUnit.value === "percent" ? 100 : MOST_TARGETS} hint="Empty: all the others at once." error={said("batch.size") ?? said("batch.percent")}
            unit={<select aria-label="Unit of the batch size" value={sizeUnit.value} onChange={event => { sizeUnit.value = (event.target as HTMLSelectElement).value; }}><option value="size">links</option><option value="percent">%</option></select>} />
          <NumberIn label="Pause between batches" value={pause} max={WEEK} unit="s" error={said("batch.pause_s")} />
          <NumberIn label="Stop when more failed than" value={most} max={mostUnit.value === "max_failures" ? MOST_TARGETS : 100} hint="0: at the first one." error={said("batch.max_failures") ?? said("batch.max_failure_percent")}
            unit={<select aria-label="Unit of the failure limit" value={mostUnit.value} onChange={event => { mostUnit.value = (event.target as HTMLSelectElement).value; }}><option value="max_failures">links</option><option value="max_failure_percent">%</option></select>} />
          {canary.value && <label class="choice tall whole"><input type="checkbox" checked={waits.value} onChange={() => { waits.value = !waits.peek(); }} />Wait after the canary until somebody resumes it</label>}
        </div>}
      </Step>
      <Step number={4} title="Review" note={plan.value && planFor.value === asked ? plan.value.would_run ? "a dry run found nothing against it" : "a dry run was refused" : asked && !error ? "looking…" : ""}>
        <Review plan={plan.value} stale={planFor.value !== asked} chosen={chosen.value} flags={flags.value} />
        {!targets.length && <p class="hint">No targets yet.</p>}
        {ask && <div class="field"><label for="run-count">{prod > 0 ? `${many(prod, "of the links is", "of the links are")} tagged prod` : `More than ${ASK_ABOVE} links`}: type {targets.length} to confirm</label><input id="run-count" type="text" inputMode="numeric" autocomplete="off" value={typed} onInput={event => { typed.value = (event.target as HTMLInputElement).value; }} /></div>}
        {error && (failed.value || loose.length > 0 || !error.details["fields"]) && <Trouble text={error.message}>{loose.length > 0 && <ul>{loose.map(([f, text]) => <li key={f}><code>{f}</code> {text}</li>)}</ul>}{refused.length > 0 && <p>Leave them out above, or enroll them first.</p>}</Trouble>}
      </Step>
    </div>
  </Sheet>;
}
