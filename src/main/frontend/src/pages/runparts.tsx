import { signal, useComputed, useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import { api } from "../api";
import { resolve } from "../filter";
import { check, flag, initial, starting, uses } from "../flags";
import { links, scripts } from "../live/fleet";
import { matches, parameterProblem, preset, range } from "../plan";
import { me } from "../session";
import type { Link, NotEnrolled, Script } from "../types";
import type { Parameter } from "../types/operations";
import { Button, count, duration, Icon, many, StatusMark } from "../ui/basic";

/** What New run and the schedules' form have in common: scripts with their values, and targets. */

export const MOST_SCRIPTS = 10;
/** The server's word for a field of the form, if it has one. */
export type Said = (field: string) => string | null;
export type Values = Record<string, Record<string, string>>;

export const Step = ({ number, title, note, children }: { number: number; title: string; note?: ComponentChildren; children: ComponentChildren }) =>
  <section class="step"><h3><b class="num">{number}</b>{title} <small>{note}</small></h3>{children}</section>;

/** A small number that may be left empty. */
export function NumberIn({ label, value, min = 0, max, unit, hint, error, placeholder }: { label: string; value: Signal<string>; min?: number; max: number; unit?: ComponentChildren; hint?: string; error?: string | null; placeholder?: string }) {
  const id = useId();
  const n = Number(value.value);
  const wrong = value.value.trim() !== "" && !(Number.isInteger(n) && n >= min && n <= max) ? `A whole number from ${min} to ${count(max)}.` : error;
  return <div class={wrong ? "field wrong" : "field"}><label for={id}>{label}</label>
    <span class="with-unit"><input id={id} type="text" inputMode="numeric" autocomplete="off" placeholder={placeholder} value={value} aria-invalid={wrong ? "true" : undefined} aria-describedby={wrong || hint ? `${id}-note` : undefined} onInput={event => { value.value = (event.target as HTMLInputElement).value.trim(); }} />{unit}</span>
    {(wrong || hint) && <p class="note" id={`${id}-note`}>{wrong ?? hint}</p>}</div>;
}
export const badNumber = (value: string, min: number, max: number) => value !== "" && !(Number.isInteger(Number(value)) && Number(value) >= min && Number(value) <= max);

const secrets = signal<readonly string[] | null>(null);

/** Names of secrets are for admins to see; others type what an admin told them. */
function useSecrets(asked: boolean): readonly string[] {
  useEffect(() => {
    if (!asked || secrets.peek() || me.peek()?.role !== "admin") return;
    api<{ secrets: { name: string }[] }>("/api/secrets").then(all => { secrets.value = all.secrets.map(s => s.name); }, () => { /* the field works without them */ });
  }, [asked]);
  return secrets.value ?? [];
}

function ParameterIn({ script, parameter: p, values, said }: { script: Script; parameter: Parameter; values: Signal<Values>; said: Said }) {
  const id = useId();
  const mine = values.value[script.id] ?? {}, given = mine[p.name], value = given ?? preset(p);
  const names = useSecrets(p.type === "secret");
  const set = (to: string) => { values.value = { ...values.peek(), [script.id]: { ...values.peek()[script.id], [p.name]: to } }; };
  const wrong = (given !== undefined ? parameterProblem(p, value) : null) ?? said(`parameters.${script.id}.${p.name}`);
  const hint = [p.description, p.type === "int" ? range(p) : p.type === "secret" ? "the name of a secret; its value goes into the script's environment and nowhere else" : p.type === "text" && p.pattern ? `as ${p.pattern}` : "", p.default !== null && p.type !== "bool" && p.default !== "" ? `default ${p.default}` : ""].filter(Boolean).join(" · ");
  const about = { id, "data-parameter": `${script.id} ${p.name}`, "aria-describedby": `${id}-note`, "aria-invalid": wrong ? "true" as const : undefined, "aria-required": p.required && p.default === null ? true : undefined };
  if (p.type === "bool") return <div class={wrong ? "field wrong parameter" : "field parameter"}><label class="choice tall"><input type="checkbox" {...about} checked={value === "true"} onChange={event => set(String((event.target as HTMLInputElement).checked))} />{p.name}</label><p class="note" id={`${id}-note`}>{wrong ?? hint}</p></div>;
  return <div class={wrong ? "field wrong parameter" : "field parameter"}><label for={id}>{p.name}{p.required && p.default === null && <span class="needs"> needed</span>}</label>
    {p.type === "enum" ? <select {...about} value={value} onChange={event => set((event.target as HTMLSelectElement).value)}>{(p.default === null || given === "") && <option value="">{p.required ? "Choose…" : "none"}</option>}{p.values.map(v => <option key={v} value={v}>{v}</option>)}</select>
      : <input {...about} class={p.type === "int" ? undefined : "mono"} type="text" inputMode={p.type === "int" ? "numeric" : undefined} value={value} placeholder={p.type === "secret" ? "name of a secret" : undefined} list={p.type === "secret" && names.length ? `${id}-names` : undefined} spellcheck={false} autocapitalize="none" autocomplete="off" onInput={event => set((event.target as HTMLInputElement).value)} />}
    {p.type === "secret" && names.length > 0 && <datalist id={`${id}-names`}>{names.map(n => <option key={n} value={n} />)}</datalist>}
    <p class="note" id={`${id}-note`}>{wrong ?? hint}</p></div>;
}

/** What is still wrong with a script's values, as a sentence; null if nothing is. */
export function scriptProblem(id: string, flags: Record<string, string[]>, values: Values, parameters: boolean): string | null {
  const script = scripts.value.find(s => s.id === id);
  if (!script) return `${id} is not in the catalogue any more.`;
  if (parameters) for (const p of script.parameters) {
    const problem = parameterProblem(p, values[id]?.[p.name] ?? preset(p));
    if (problem) return `${id}, ${p.name}: ${problem}`;
  }
  const { missing, wrong } = check(script.flags, flags[id] ?? []);
  return missing.length ? `${id} needs ${missing.join(", ")}.` : wrong.size ? `${id}: ${[...wrong.values()][0]!}` : null;
}

interface ScriptsProps { number: number; chosen: Signal<string[]>; flags: Signal<Record<string, string[]>>; values: Signal<Values> | null; timeouts?: Signal<Record<string, string>>; said: Said; unfit?: (script: Script) => string | null }

export function ScriptsPart({ number, chosen, flags, values, timeouts, said, unfit }: ScriptsProps) {
  const text = useSignal("");
  const found = scripts.value.filter(s => !chosen.value.includes(s.id) && matches(s, text.value));
  const add = (s: Script) => {
    flags.value = { ...flags.peek(), [s.id]: flags.peek()[s.id] ?? initial(s.flags) };
    chosen.value = [...chosen.peek(), s.id];
    text.value = "";
  };
  /** By keyboard it goes on to the first value that the script cannot do without. */
  const addAndGo = (s: Script) => {
    add(s);
    const needed = values && s.parameters.find(p => p.required && p.default === null);
    if (needed) requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-parameter="${CSS.escape(`${s.id} ${needed.name}`)}"]`)?.focus()));
  };
  const full = chosen.value.length >= MOST_SCRIPTS;
  const move = (i: number, by: number) => { const next = [...chosen.peek()]; const [id] = next.splice(i, 1); next.splice(i + by, 0, id!); chosen.value = next; };
  return <Step number={number} title="Scripts" note={chosen.value.length ? "run in this order on each link" : `1 to ${MOST_SCRIPTS}`}>
    {chosen.value.length > 0 && <ol class="chosen">{chosen.value.map((id, i) => {
      const script = scripts.value.find(s => s.id === id);
      return <li key={id}><div class="chosen-head"><span class="num dim">{i + 1}</span><strong class="apart">{script?.name ?? id}</strong>{!script && <span class="tone-bad">not in the catalogue any more</span>}
        {script?.estimate_ms != null && <span class="dim num">about {duration(script.estimate_ms)}</span>}{script?.durable === "always" && <span class="tag" title="It goes on when the connection or LinkOps goes">durable</span>}<span class="spring" />
        {chosen.value.length > 1 && <><Button kind="ghost" class="small" icon="moveUp" label={`Move ${id} up`} why={i === 0 ? "It is the first." : null} onClick={() => move(i, -1)} /><Button kind="ghost" class="small" icon="moveDown" label={`Move ${id} down`} why={i === chosen.value.length - 1 ? "It is the last." : null} onClick={() => move(i, 1)} /></>}
        <Button kind="ghost" class="small" icon="close" label={`Remove ${id}`} onClick={() => { chosen.value = chosen.peek().filter(s => s !== id); }} /></div>
        {script && unfit?.(script) && <p class="note wrong-note">{unfit(script)}</p>}
        {script && values && script.parameters.length > 0 && <div class="parameters" role="group" aria-label={`Parameters of ${script.name}`}>{script.parameters.map(p => <ParameterIn key={p.name} script={script} parameter={p} values={values} said={said} />)}</div>}
        {script && <Arguments script={script} flags={flags} said={said} timeouts={timeouts} />}</li>;
    })}</ol>}
    {full ? <p class="hint">{MOST_SCRIPTS} scripts are the most for one operation.</p> : <>
      <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Find a script to add" placeholder={chosen.value.length ? "Add another script" : "Find a script"} value={text} data-autofocus={chosen.peek().length ? undefined : "true"}
        onInput={event => { text.value = (event.target as HTMLInputElement).value; }} onKeyDown={event => { if (event.key === "Enter" && found[0]) { event.preventDefault(); addAndGo(found[0]); } }} /></div>
      {(text.value || !chosen.value.length) && <ul class="options" aria-label="Scripts">{found.slice(0, 100).map(s => <li key={s.id}><button type="button" onClick={() => add(s)}><Icon name="plus" /><span class="grow"><strong class="apart"><span class="unseen">Add </span>{s.name}</strong><small class="apart">{s.description}</small></span></button></li>)}
        {!found.length && <li class="hint">{scripts.value.length ? "No script matches." : "The catalogue is empty: sync the Git repository first."}</li>}</ul>}
    </>}
    {said("scripts") && <p class="note wrong-note">{said("scripts")}</p>}
  </Step>;
}

function Arguments({ script, flags, timeouts, said }: { script: Script; flags: Signal<Record<string, string[]>>; timeouts?: Signal<Record<string, string>> | undefined; said: Said }) {
  const given = flags.value[script.id] ?? [];
  const set = (next: string[]) => { flags.value = { ...flags.peek(), [script.id]: next }; };
  const { missing, wrong } = check(script.flags, given);
  const open = script.flags.map(flag).filter(f => !given.some(a => uses(a, f)));
  const time = useComputed(() => timeouts?.value[script.id] ?? "");
  const server = said(`flags.${script.id}`) ?? said(`parameters.${script.id}`);
  return <div class="arguments" role="group" aria-label={`Arguments of ${script.name}`}>
    {given.map((argument, i) => <div key={i} class={wrong.has(i) ? "argument wrong" : "argument"}>
      <input class="mono" type="text" aria-label={`Argument ${i + 1} of ${script.name}`} value={argument} spellcheck={false} autocapitalize="none" autocomplete="off" aria-invalid={wrong.has(i) ? "true" : undefined} aria-describedby={wrong.has(i) ? `wrong-${script.id}-${i}` : undefined}
        onInput={event => set(given.map((a, n) => n === i ? (event.target as HTMLInputElement).value : a))} />
      <Button kind="ghost" class="small" icon="close" label={`Remove argument ${i + 1} of ${script.name}`} onClick={() => set(given.filter((_, n) => n !== i))} />
      {wrong.has(i) && <p class="note" id={`wrong-${script.id}-${i}`}>{wrong.get(i)}</p>}
    </div>)}
    <div class="suggested">{open.map(f => <button key={f.name} type="button" class={missing.includes(f.name) ? "filter needed" : "filter"} onClick={() => set([...given, starting(f)])}><Icon name="plus" size={12} /><code>{starting(f)}</code>{f.required && " needed"}</button>)}
      <button type="button" class="filter" onClick={() => set([...given, ""])}><Icon name="plus" size={12} />Argument</button>
      {timeouts && <label class="choice end">Time-out<input class="short" type="text" inputMode="numeric" autocomplete="off" aria-label={`Time-out of ${script.name} in seconds`} placeholder={script.timeout_ms === null ? "default" : String(script.timeout_ms / 1000)} value={time} aria-invalid={said(`timeouts.${script.id}`) ? "true" : undefined}
        onInput={event => { timeouts.value = { ...timeouts.peek(), [script.id]: (event.target as HTMLInputElement).value.trim() }; }} />s</label>}</div>
    {timeouts && (badNumber(time.value, 1, 604_800) || said(`timeouts.${script.id}`)) && <p class="note wrong-note">Time-out: {badNumber(time.value, 1, 604_800) ? "a whole number of seconds, at most 604,800." : said(`timeouts.${script.id}`)}</p>}
    {server && <p class="note wrong-note">{server}</p>}
    {given.length > 0 && <p class="note">Each field is one argument, passed exactly as it stands.</p>}
  </div>;
}

interface TargetsProps { number: number; selectors: Signal<string[]>; picked: Signal<string[]>; chosen: readonly Link[]; empty: readonly string[]; refused: readonly NotEnrolled[] | null; said: Said; note?: string }

export function TargetsPart({ number, selectors, picked, chosen, empty, refused, said, note }: TargetsProps) {
  const text = useSignal("");
  const add = () => {
    const parts = text.peek().split(/[\s,]+/).filter(Boolean);
    if (parts.length) selectors.value = [...new Set([...selectors.peek(), ...parts])];
    text.value = "";
  };
  const offered = useComputed(() => {
    const tags = new Map<string, number>();
    for (const l of links.value) for (const t of [...l.tags.map(t => `tag:${t}`), `type:${l.type}`]) tags.set(t, (tags.get(t) ?? 0) + 1);
    return [...tags].filter(([t]) => !selectors.value.includes(t) && !/\s/.test(t)).sort((a, b) => b[1] - a[1]).slice(0, 8);
  });
  const unfit = refused === null ? [] : refused.length ? refused : chosen.filter(l => l.enrollment.status === "refused").map(l => ({ target: l.id, reason: l.enrollment.reason ?? "refused", error: l.enrollment.error ?? "" }));
  const unseen = refused === null ? [] : chosen.filter(l => l.enrollment.status === "unverified" && !unfit.some(u => u.target === l.id));
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
  const prod = chosen.filter(l => l.tags.includes("prod")).length;
  return <Step number={number} title="Targets" note={<span class="num" role="status">{many(chosen.length, "link")}{types.size > 0 && `: ${[...types].map(([t, n]) => `${count(n)} ${t}`).join(", ")}`}{prod > 0 && `; ${count(prod)} tagged prod`}</span>}>
    <div class="selectors-in">
      {picked.value.length > 0 && (picked.value.length <= 6 ? picked.value.map(id => <Chip key={id} text={id} drop={() => { picked.value = picked.peek().filter(p => p !== id); }} />)
        : <Chip text={`${count(picked.value.length)} picked links`} title={picked.value.join(", ")} drop={() => { picked.value = []; }} />)}
      {selectors.value.map(s => <Chip key={s} text={s} wrong={empty.includes(s)} drop={() => drop(s)} />)}
      <input type="text" aria-label="Add targets" placeholder="tag:web, type:VM, vm-*, a name, !name" value={text} spellcheck={false} autocapitalize="none" autocomplete="off"
        onInput={event => { text.value = (event.target as HTMLInputElement).value; }} onBlur={add} onKeyDown={event => { if (event.key === "Enter" || event.key === ",") { event.preventDefault(); add(); } else if (event.key === "Backspace" && !text.peek() && selectors.peek().length) drop(selectors.peek().at(-1)!); }} />
    </div>
    <div class="suggested">{offered.value.map(([t, n]) => <button key={t} type="button" class="filter" onClick={() => { selectors.value = [...selectors.peek(), t]; }}><Icon name="plus" size={12} />{t} <b class="num">{count(n)}</b></button>)}</div>
    {note && <p class="note">{note}</p>}
    {empty.length > 0 && <p class="note wrong-note">{empty.map(e => `“${e}”`).join(", ")} {empty.length === 1 ? "matches" : "match"} no link. Nothing runs until that is put right.</p>}
    {said("targets") && <p class="note wrong-note">Targets {said("targets")}</p>}
    {unfit.length > 0 && <div class="unfit"><p><StatusMark state="refused" /> {many(unfit.length, "link")} would refuse it; nothing runs while {unfit.length === 1 ? "it is" : "they are"} among the targets.</p>
      <ul>{unfit.slice(0, 50).map(u => <li key={u.target}><a href={`/links/${encodeURIComponent(u.target)}`} target="_blank" rel="noopener">{u.target}</a><span class="apart">{u.error || u.reason.replaceAll("_", " ")}</span></li>)}</ul>
      {unfit.length > 50 && <p class="dim">and {count(unfit.length - 50)} more</p>}
      <Button icon="remove" onClick={() => leave(unfit.map(u => u.target))}>Leave {unfit.length === 1 ? "it" : `these ${count(unfit.length)}`} out</Button></div>}
    {unseen.length > 0 && <div class="unfit soft"><p><StatusMark state="unverified" /> {many(unseen.length, "link was", "links were")} never verified: LinkOps looks before the first script; if one is not enrolled, nothing runs.</p>
      <Button onClick={() => leave(unseen.map(u => u.id))}>Leave {unseen.length === 1 ? "it" : `these ${count(unseen.length)}`} out</Button></div>}
  </Step>;
}

const Chip = ({ text, title, wrong, drop }: { text: string; title?: string; wrong?: boolean; drop: () => void }) =>
  <span class={wrong ? "selector wrong" : "selector"} title={title}>{text}<button type="button" aria-label={`Remove ${text}`} onClick={drop}><Icon name="close" size={12} /></button></span>;
