import { signal, useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import { api, ApiError, sentence } from "../api";
import { links } from "../live/fleet";
import { closed, me } from "../session";
import type { Role } from "../types";
import type { Scope, Setting } from "../types/settings";
import { Button, Copy, Empty, Glyph, Icon, many, Panel, Skeleton, Trouble } from "../ui/basic";
import { Field } from "../ui/field";
import { admits, allowed, scopeOf } from "./scope";

/** What an address answers, fetched again on `load`; what was there stays in view meanwhile. */
export function useLoad<T>(path: string | null): { value: T | null; failed: string | null; load: () => Promise<void>; set: (value: T) => void } {
  const value = useSignal<T | null>(null), failed = useSignal<string | null>(null), asked = useSignal({ path: null as string | null }).peek();
  const load = async () => {
    if (path === null) return;
    asked.path = path;
    try {
      const answer = await api<T>(path);
      if (asked.path === path) { value.value = answer; failed.value = null; }
    } catch (cause) {
      if (asked.path === path) failed.value = sentence(cause);
    }
  };
  useEffect(() => { if (asked.path !== null && asked.path !== path) value.value = null; void load(); }, [path]);
  return { value: value.value, failed: failed.value, load, set: next => { value.value = next; } };
}

/** Fetched, being fetched, or not to be had: with what to do. */
export function Loaded<T>({ of, rows, children }: { of: { value: T | null; failed: string | null; load: () => Promise<void> }; rows?: number; children: (value: T) => ComponentChildren }) {
  return <>{of.failed && <Trouble text={of.failed}><Button onClick={() => void of.load()}>Try again</Button></Trouble>}
    {of.value !== null ? children(of.value) : !of.failed && <Skeleton {...(rows ? { rows } : {})} label="Loading" />}</>;
}

export const NoEntry = ({ what, why }: { what: string; why: string }) => <section class="panel"><Empty title={`${what} are not for you to see`}>{why}</Empty></section>;

/** A command for LinkOps' machine, to be copied. */
export const Command = ({ text, label }: { text: string; label?: string }) => <div class="command"><code>{text}</code><Copy text={text} label={label ?? `Copy: ${text.split("\n")[0]}`} /></div>;

export function Select({ label, value, options, hint, error, why }: { label: string; value: Signal<string>; options: readonly (readonly [string, string])[]; hint?: string; error?: string | null; why?: string | null }) {
  const id = useId();
  return <div class={error ? "field wrong" : "field"}><label for={id}>{label}</label>
    <select id={id} value={value} disabled={!!why} title={why ?? undefined} aria-describedby={hint || error || why ? `${id}-note` : undefined} onChange={event => { value.value = (event.target as HTMLSelectElement).value; }}>
      {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select>
    {(error || why || hint) && <p id={`${id}-note`} class="note">{error ?? why ?? hint}</p>}</div>;
}

export function Check({ label, on, onChange, why }: { label: ComponentChildren; on: boolean; onChange: (on: boolean) => void; why?: string | null }) {
  return <label class="check" title={why ?? undefined}><input type="checkbox" checked={on} disabled={!!why} onChange={event => onChange((event.target as HTMLInputElement).checked)} /><span>{label}</span></label>;
}

export const roles: readonly (readonly [Role, string])[] = [["viewer", "Viewer: sees"], ["operator", "Operator: sees and runs"], ["admin", "Admin: everything"]];
const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };
/** The roles that somebody can hand on: at most the own. */
export const rolesUpTo = (role: Role) => roles.filter(([r]) => rank[r] <= rank[role]);

export const scopeWords = (scope: Scope | null) => scope ? [...scope.targets, ...scope.scripts.map(s => `script ${s}`)].join(", ") : null;

/** The two lists of a scope with what they come to at the moment. */
export function ScopeFields({ role, targets, scripts, errors }: { role: string; targets: Signal<string>; scripts: Signal<string>; errors: ApiError | null }) {
  const scope = scopeOf(targets.value, scripts.value);
  const all = links.value, mine = all.filter(l => admits(scope, l)).length;
  const tags = [...new Set(all.flatMap(l => l.tags))].sort().slice(0, 12).map(t => `tag:${t}`);
  return <fieldset class="field scope"><legend>Only on some links, only some scripts</legend>
    <Field label="Links" mono value={targets} hint="tag:web, vm-*, type:VM, an id; !name takes out. Empty: every link." error={errors?.field("scope.targets") ?? errors?.field("targets") ?? errors?.field("scope") ?? null} />
    <div class="suggested" role="group" aria-label="Tags of the fleet">{tags.map(tag => { const on = targets.value.split(/[\s,]+/).includes(tag);
      return <button type="button" class="filter" key={tag} aria-pressed={on} onClick={() => { targets.value = on ? targets.value.split(/[\s,]+/).filter(t => t !== tag).join(" ") : `${targets.value} ${tag}`.trim(); }}>{tag}</button>; })}</div>
    <Field label="Scripts" mono value={scripts} hint="Names and globs such as report_*; !name takes out. Empty: every script." error={errors?.field("scope.scripts") ?? errors?.field("scripts") ?? null} />
    <p class="comes-to" role="status">{allowed(role, scope)}{scope?.targets.length ? ` These are ${many(mine, "link")} of ${all.length} now.` : ""}</p>
  </fieldset>;
}

const settings = signal<readonly Setting[] | null>(null);
const settingsFailed = signal<string | null>(null);
export const setting = (key: string) => settings.value?.find(s => s.key === key)?.value ?? null;
const loadSettings = () => { api<{ settings: Setting[] }>("/api/configuration").then(a => { settings.value = a.settings; settingsFailed.value = null; }, cause => { settingsFailed.value = sentence(cause); }); };
/** The configuration is read at LinkOps' start: it is asked for once. */
export function useSettings(): readonly Setting[] | null {
  useEffect(() => {
    if (!settings.peek() && !closed("admin", "")) loadSettings();
  }, []);
  return settings.value;
}

/** Keys of the configuration: read here, changed in the file. */
export function Configuration({ keys, title = "Configuration" }: { keys: readonly string[]; title?: string }) {
  const all = useSettings();
  const why = closed("admin", "Seeing the configuration");
  const shown = all?.filter(s => keys.some(k => k.endsWith(".") ? s.key.startsWith(k) : s.key === k)) ?? [];
  return <Panel title={title}>
    <p class="lead">These are set in LinkOps’ configuration file (<code>--config FILE</code>, else <code>/etc/linkops/config.yaml</code>) or in the environment{shown[0] && <> (<code>LINKOPS_{shown[0].key.replace(".", "_").toUpperCase()}</code>)</>}, and read when LinkOps starts.</p>
    {why ? <p class="lead"><Glyph tone="off" /> {why}</p> : settingsFailed.value ? <Trouble text={settingsFailed.value}><Button onClick={loadSettings}>Try again</Button></Trouble> : !all ? <Skeleton rows={4} label="Loading the configuration" />
      : <dl class="keys-list">{shown.map(s => <div key={s.key}><dt><code>{s.key}</code></dt>
        <dd><span class={s.is_default ? "value" : "value set"}>{s.value === null ? <span class="dim">not set</span> : s.is_secret ? "set (not shown)" : <code>{s.value}</code>}{!s.is_default && <span class="tag">set</span>}</span><small>{s.description}</small></dd></div>)}</dl>}
  </Panel>;
}

export const who = () => me.value!;
export const Mark = ({ tone, children }: { tone: "ok" | "warn" | "bad" | "run" | "unknown" | "off"; children: ComponentChildren }) => <span class={`status tone-${tone}`}><Glyph tone={tone} />{children}</span>;
export const Note = ({ children }: { children: ComponentChildren }) => <p class="aside-note"><Icon name="info" size={14} /><span>{children}</span></p>;

/** Sizes as people say them. */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let at = 0;
  while (bytes >= 1024 && at < units.length - 1) { bytes /= 1024; at++; }
  return `${at === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[at]}`;
}
