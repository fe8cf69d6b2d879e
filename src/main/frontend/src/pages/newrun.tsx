import { useComputed, useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { resolve } from "../filter";
import { check, flag, initial, starting, uses } from "../flags";
import { links, scripts, scriptsCommit } from "../live/fleet";
import { navigate } from "../router";
import { draft } from "../run";
import type { Link, NotEnrolled, Script, ScriptSource } from "../types";
import { Button, count, duration, Icon, many, short, StatusMark, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { matches } from "./scripts";

const MOST_SCRIPTS = 10;
const ASK_ABOVE = 50;
const MOST_AT_ONCE = 1000;

function Scripts({ chosen, flags }: { chosen: Signal<string[]>; flags: Signal<Record<string, string[]>> }) {
  const text = useSignal("");
  const found = scripts.value.filter(s => !chosen.value.includes(s.id) && matches(s, text.value));
  const add = (s: Script) => {
    flags.value = { ...flags.peek(), [s.id]: flags.peek()[s.id] ?? initial(s.flags) };
    chosen.value = [...chosen.peek(), s.id];
    text.value = "";
  };
  const full = chosen.value.length >= MOST_SCRIPTS;
  const move = (i: number, by: number) => { const next = [...chosen.peek()]; const [id] = next.splice(i, 1); next.splice(i + by, 0, id!); chosen.value = next; };
  return <section class="step"><h3><b class="num">1</b>Scripts <small>{chosen.value.length ? `run in this order on each link` : `1 to ${MOST_SCRIPTS}`}</small></h3>
    {chosen.value.length > 0 && <ol class="chosen">{chosen.value.map((id, i) => {
      const script = scripts.value.find(s => s.id === id);
      return <li key={id}><div class="chosen-head"><span class="num dim">{i + 1}</span><strong>{script?.name ?? id}</strong>{!script && <span class="tone-bad">not in the catalogue any more</span>}
        {script?.estimate_ms != null && <span class="dim num">about {duration(script.estimate_ms)}</span>}<span class="spring" />
        {chosen.value.length > 1 && <><Button kind="ghost" class="small" icon="moveUp" label={`Move ${id} up`} why={i === 0 ? "It is the first." : null} onClick={() => move(i, -1)} /><Button kind="ghost" class="small" icon="moveDown" label={`Move ${id} down`} why={i === chosen.value.length - 1 ? "It is the last." : null} onClick={() => move(i, 1)} /></>}
        <Button kind="ghost" class="small" icon="close" label={`Remove ${id}`} onClick={() => { chosen.value = chosen.peek().filter(s => s !== id); }} /></div>
        {script && <Arguments script={script} flags={flags} />}</li>;
    })}</ol>}
    {full ? <p class="hint">{MOST_SCRIPTS} scripts are the most for one operation.</p> : <>
      <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Find a script to add" placeholder={chosen.value.length ? "Add another script" : "Find a script"} value={text} data-autofocus={chosen.peek().length ? undefined : "true"}
        onInput={event => { text.value = (event.target as HTMLInputElement).value; }} onKeyDown={event => { if (event.key === "Enter" && found[0]) { event.preventDefault(); add(found[0]); } }} /></div>
      {(text.value || !chosen.value.length) && <ul class="options" aria-label="Scripts">{found.map(s => <li key={s.id}><button type="button" onClick={() => add(s)}><Icon name="plus" /><span class="grow"><strong><span class="unseen">Add </span>{s.name}</strong><small>{s.description}</small></span></button></li>)}
        {!found.length && <li class="hint">{scripts.value.length ? "No script matches." : "The catalogue is empty: sync the Git repository first."}</li>}</ul>}
    </>}
  </section>;
}

function Arguments({ script, flags }: { script: Script; flags: Signal<Record<string, string[]>> }) {
  const given = flags.value[script.id] ?? [];
  const set = (next: string[]) => { flags.value = { ...flags.peek(), [script.id]: next }; };
  const { missing, wrong } = check(script.flags, given);
  const open = script.flags.map(flag).filter(f => !given.some(a => uses(a, f)));
  return <div class="arguments" role="group" aria-label={`Arguments of ${script.name}`}>
    {given.map((argument, i) => <div key={i} class={wrong.has(i) ? "argument wrong" : "argument"}>
      <input class="mono" type="text" aria-label={`Argument ${i + 1} of ${script.name}`} value={argument} spellcheck={false} autocapitalize="none" autocomplete="off" aria-invalid={wrong.has(i) ? "true" : undefined} aria-describedby={wrong.has(i) ? `wrong-${script.id}-${i}` : undefined}
        onInput={event => set(given.map((a, n) => n === i ? (event.target as HTMLInputElement).value : a))} />
      <Button kind="ghost" class="small" icon="close" label={`Remove argument ${i + 1} of ${script.name}`} onClick={() => set(given.filter((_, n) => n !== i))} />
      {wrong.has(i) && <p class="note" id={`wrong-${script.id}-${i}`}>{wrong.get(i)}</p>}
    </div>)}
    <div class="suggested">{open.map(f => <button key={f.name} type="button" class={missing.includes(f.name) ? "filter needed" : "filter"} onClick={() => set([...given, starting(f)])}><Icon name="plus" size={12} /><code>{starting(f)}</code>{f.required && " needed"}</button>)}
      <button type="button" class="filter" onClick={() => set([...given, ""])}><Icon name="plus" size={12} />Argument</button></div>
    {given.length > 0 && <p class="note">Each field is one argument, passed exactly as it stands.</p>}
  </div>;
}

function Targets({ selectors, picked, chosen, empty, refused }: { selectors: Signal<string[]>; picked: Signal<string[]>; chosen: readonly Link[]; empty: readonly string[]; refused: readonly NotEnrolled[] }) {
  const text = useSignal("");
  const add = () => {
    const parts = text.peek().split(/[\s,]+/).filter(Boolean);
    selectors.value = [...new Set([...selectors.peek(), ...parts])];
    text.value = "";
  };
  const offered = useComputed(() => {
    const tags = new Map<string, number>();
    for (const l of links.value) for (const t of [...l.tags.map(t => `tag:${t}`), `type:${l.type}`]) tags.set(t, (tags.get(t) ?? 0) + 1);
    return [...tags].filter(([t]) => !selectors.value.includes(t) && !/\s/.test(t)).sort((a, b) => b[1] - a[1]).slice(0, 8);
  });
  const unfit = refused.length ? refused : chosen.filter(l => l.enrollment.status === "refused").map(l => ({ target: l.id, reason: l.enrollment.reason ?? "refused", error: l.enrollment.error ?? "" }));
  const unseen = chosen.filter(l => l.enrollment.status === "unverified");
  const leave = (ids: readonly string[]) => {
    const out = new Set(ids);
    picked.value = picked.peek().filter(id => !out.has(id));
    const still = new Set(resolve(selectors.peek(), links.peek()).links.map(l => l.id));
    selectors.value = [...selectors.peek().filter(s => !out.has(s)), ...ids.filter(id => still.has(id) && !selectors.peek().includes(id)).map(id => `!${id}`)];
  };
  /** Takes a selector out, and with it the exceptions that it alone made necessary. */
  const drop = (gone: string) => {
    const rest = selectors.peek().filter(s => s !== gone);
    const still = new Set(resolve([...picked.peek(), ...rest.filter(s => !s.startsWith("!"))], links.peek()).links.map(l => l.id));
    const known = new Set(links.peek().map(l => l.id));
    selectors.value = rest.filter(s => !s.startsWith("!") || !known.has(s.slice(1)) || still.has(s.slice(1)));
  };
  const types = new Map<string, number>();
  for (const l of chosen) types.set(l.type, (types.get(l.type) ?? 0) + 1);
  return <section class="step"><h3><b class="num">2</b>Targets <small class="num" role="status">{many(chosen.length, "link")}{types.size > 0 && `: ${[...types].map(([t, n]) => `${n} ${t}`).join(", ")}`}</small></h3>
    <div class="selectors-in">
      {picked.value.length > 0 && (picked.value.length <= 6 ? picked.value.map(id => <Chip key={id} text={id} drop={() => { picked.value = picked.peek().filter(p => p !== id); }} />)
        : <Chip text={`${count(picked.value.length)} picked links`} title={picked.value.join(", ")} drop={() => { picked.value = []; }} />)}
      {selectors.value.map(s => <Chip key={s} text={s} wrong={empty.includes(s)} drop={() => drop(s)} />)}
      <input type="text" aria-label="Add targets" placeholder="tag:web, type:VM, vm-*, a name, !name" value={text} spellcheck={false} autocapitalize="none" autocomplete="off"
        onInput={event => { text.value = (event.target as HTMLInputElement).value; }} onBlur={add} onKeyDown={event => { if (event.key === "Enter" || event.key === ",") { event.preventDefault(); add(); } else if (event.key === "Backspace" && !text.peek() && selectors.peek().length) drop(selectors.peek().at(-1)!); }} />
    </div>
    <div class="suggested">{offered.value.map(([t, n]) => <button key={t} type="button" class="filter" onClick={() => { selectors.value = [...selectors.peek(), t]; }}><Icon name="plus" size={12} />{t} <b class="num">{n}</b></button>)}</div>
    {empty.length > 0 && <p class="note wrong-note">{empty.map(e => `“${e}”`).join(", ")} {empty.length === 1 ? "matches" : "match"} no link. Nothing runs until that is put right.</p>}
    {unfit.length > 0 && <div class="unfit"><p><StatusMark state="refused" /> {many(unfit.length, "link is", "links are")} not enrolled; nothing runs while {unfit.length === 1 ? "it is" : "they are"} among the targets.</p>
      <ul>{unfit.slice(0, 50).map(u => <li key={u.target}><a href={`/links/${encodeURIComponent(u.target)}`} target="_blank" rel="noopener">{u.target}</a><span>{u.error || u.reason.replaceAll("_", " ")}</span></li>)}</ul>
      {unfit.length > 50 && <p class="dim">and {unfit.length - 50} more</p>}
      <Button icon="remove" onClick={() => leave(unfit.map(u => u.target))}>Leave {unfit.length === 1 ? "it" : `these ${unfit.length}`} out</Button></div>}
    {unseen.length > 0 && <div class="unfit soft"><p><StatusMark state="unverified" /> {many(unseen.length, "link was", "links were")} never verified: LinkOps looks before the first script; if one is not enrolled, nothing runs.</p>
      <Button onClick={() => leave(unseen.map(u => u.id))}>Leave {unseen.length === 1 ? "it" : `these ${unseen.length}`} out</Button></div>}
  </section>;
}

const Chip = ({ text, title, wrong, drop }: { text: string; title?: string; wrong?: boolean; drop: () => void }) =>
  <span class={wrong ? "selector wrong" : "selector"} title={title}>{text}<button type="button" aria-label={`Remove ${text}`} onClick={drop}><Icon name="close" size={12} /></button></span>;

function ReviewSource({ id }: { id: string }) {
  const source = useSignal<string | null>(null);
  useEffect(() => { api<ScriptSource>(`/api/scripts/${segment(id)}`).then(s => { source.value = s.source; }, cause => { source.value = sentence(cause); }); }, [id]);
  return <pre class="review-source" tabIndex={0} aria-label={`Source of ${id}`}>{source.value ?? "…"}</pre>;
}

export default function RunSheet() {
  const from = draft.peek()!;
  const chosen = useSignal(from.scripts), flags = useSignal<Record<string, string[]>>({ ...Object.fromEntries(from.scripts.map(id => [id, initial(scripts.peek().find(s => s.id === id)?.flags ?? [])])), ...from.flags });
  const selectors = useSignal(from.selectors), picked = useSignal(from.picked);
  const concurrency = useSignal(String(from.concurrency ?? "")), goesOn = useSignal(false), typed = useSignal("");
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null);
  const resolved = useComputed(() => resolve([...picked.value, ...selectors.value], links.value));
  const targets = resolved.value.links;
  const close = () => { draft.value = null; };

  const faults = chosen.value.map(id => ({ id, ...check(scripts.value.find(s => s.id === id)?.flags ?? [], flags.value[id] ?? []) }));
  const badFlags = faults.find(f => f.missing.length || f.wrong.size);
  const n = Number(concurrency.value);
  const badConcurrency = concurrency.value !== "" && !(Number.isInteger(n) && n >= 1 && n <= MOST_AT_ONCE) ? `Give a whole number from 1 to ${MOST_AT_ONCE}, or nothing for the default.` : null;
  const ask = targets.length > ASK_ABOVE;
  const why = !chosen.value.length ? "Choose at least one script."
    : badFlags ? badFlags.missing.length ? `${badFlags.id} needs ${badFlags.missing.join(", ")}.` : `${badFlags.id}: ${[...badFlags.wrong.values()][0]!}`
    : resolved.value.empty.length ? `“${resolved.value.empty[0]}” matches no link.`
    : !targets.length ? "Choose at least one target."
    : targets.some(t => t.enrollment.status === "refused") ? "Some targets are not enrolled: leave them out, or enroll them first."
    : badConcurrency ?? (ask && typed.value.trim() !== String(targets.length) ? `Type ${targets.length} to confirm.` : null);

  const run = async () => {
    busy.value = true;
    failed.value = null;
    try {
      const used = Object.fromEntries(chosen.peek().map(id => [id, flags.peek()[id] ?? []] as const).filter(([, list]) => list.length));
      const answer = await post<{ operation_id: string }>("/api/operations/run", {
        scripts: chosen.peek(), targets: [...picked.peek(), ...selectors.peek()], flags: used, on_failure: goesOn.peek() ? "continue" : "stop", ...(concurrency.peek() ? { concurrency: n } : {}),
      });
      close();
      navigate(`/operations/${encodeURIComponent(answer.operation_id)}`);
    } catch (cause) {
      failed.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause));
      busy.value = false;
    }
  };
  const error = failed.value;
  const refused = error?.code === "NOT_ENROLLED" ? (error.details["targets"] as NotEnrolled[] | undefined ?? []).filter(r => targets.some(t => t.id === r.target)) : [];
  const fields = error?.details["fields"] as Record<string, string> | undefined;

  return <Sheet title="New run" kind="wide" onClose={close} note={scriptsCommit.value ? <span class="dim end">Scripts at <code>{short(scriptsCommit.value)}</code></span> : undefined}
    footer={<><p class="footer-why">{why ?? `${many(chosen.value.length, "script")} on ${many(targets.length, "link")}`}</p><Button onClick={close}>Cancel</Button><Button kind="primary" icon="play" busy={busy.value} why={why} onClick={() => void run()}>Run on {many(targets.length, "link")}</Button></>}>
    <div class="run-form">
      <Scripts chosen={chosen} flags={flags} />
      <Targets selectors={selectors} picked={picked} chosen={targets} empty={resolved.value.empty} refused={refused} />
      <section class="step"><h3><b class="num">3</b>How</h3>
        <div class="how">
          <div class={badConcurrency ? "field wrong" : "field"}><label for="run-concurrency">At once</label><input id="run-concurrency" type="text" inputMode="numeric" autocomplete="off" placeholder="default" value={concurrency} aria-invalid={badConcurrency ? "true" : undefined} aria-describedby="run-concurrency-note" onInput={event => { concurrency.value = (event.target as HTMLInputElement).value.trim(); }} />
            <p class="note" id="run-concurrency-note">{badConcurrency ?? "How many links at the same time."}</p></div>
          <fieldset class="field"><legend>When a script fails on a link</legend>
            <label><input type="radio" name="on-failure" checked={!goesOn.value} onChange={() => { goesOn.value = false; }} />Skip the scripts after it there</label>
            <label><input type="radio" name="on-failure" checked={goesOn.value} onChange={() => { goesOn.value = true; }} />Run the next one all the same</label></fieldset>
        </div></section>
      <section class="step"><h3><b class="num">4</b>Review</h3>
        {chosen.value.length > 0 && <ul class="review">{chosen.value.map(id => <li key={id}><details><summary><code>{[id, ...(flags.value[id] ?? [])].map(a => /^[\w@%+=:,./-]+$/.test(a) ? a : `'${a.replaceAll("'", "'\\''")}'`).join(" ")}</code></summary><ReviewSource id={id} /></details></li>)}</ul>}
        <p class="hint">{targets.length ? <>On {targets.slice(0, 8).map(t => t.id).join(", ")}{targets.length > 8 && ` and ${count(targets.length - 8)} more`}.</> : "No targets yet."}</p>
        {ask && <div class="field"><label for="run-count">More than {ASK_ABOVE} links: type {targets.length} to confirm</label><input id="run-count" type="text" inputMode="numeric" autocomplete="off" value={typed} onInput={event => { typed.value = (event.target as HTMLInputElement).value; }} /></div>}
        {error && <Trouble text={error.message}>{fields && <ul>{Object.entries(fields).map(([f, said]) => <li key={f}><code>{f}</code> {said}</li>)}</ul>}{refused.length > 0 && <p>Leave them out above, or enroll them first.</p>}</Trouble>}
      </section>
    </div>
  </Sheet>;
}
