import { computed, signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { outlines, type IconName } from "./icons";
import { utc } from "../theme";
import { toast } from "./toast";

export const Icon = ({ name, size = 16 }: { name: IconName; size?: number }) =>
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={outlines[name]} /></svg>;

interface ButtonProps {
  children?: ComponentChildren;
  icon?: IconName | undefined;
  kind?: "primary" | "danger" | "ghost" | undefined;
  /** For buttons that show only an icon. */
  label?: string | undefined;
  /** Why it cannot be used; null if it can. Such a button can still be reached, and says why when pressed. */
  why?: string | null | undefined;
  busy?: boolean;
  submit?: boolean;
  pressed?: boolean;
  class?: string;
  title?: string | undefined;
  onClick?: ((event: JSX.TargetedMouseEvent<HTMLButtonElement>) => void) | undefined;
}

export function Button({ children, icon, kind, label, why, busy, submit, pressed, class: extra, title, onClick }: ButtonProps) {
  const off = !!why || busy;
  return <button type={submit && !off ? "submit" : "button"} class={`button${kind ? ` ${kind}` : ""}${children ? "" : " only"}${extra ? ` ${extra}` : ""}`}
    aria-label={label} title={why ?? title ?? (children ? undefined : label)} aria-disabled={off ? "true" : undefined} aria-busy={busy || undefined} aria-pressed={pressed}
    onClick={event => { if (why) { event.preventDefault(); toast({ kind: "note", text: why }); } else if (!busy) onClick?.(event); }}>
    {icon && <Icon name={icon} />}{children}
  </button>;
}

/** Where something is, in shape, colour and word. */
const shapes = {
  ok: <circle cx="5" cy="5" r="4.2" fill="currentColor" />,
  warn: <path d="M5 .8 9.6 9.2H.4z" fill="currentColor" />,
  bad: <rect x="1" y="1" width="8" height="8" rx="1" fill="currentColor" />,
  run: <><circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" stroke-width="1.3" /><path d="M5 1.1a3.9 3.9 0 0 1 0 7.8z" fill="currentColor" /></>,
  unknown: <path d="M5 .9 9.1 5 5 9.1.9 5z" fill="none" stroke="currentColor" stroke-width="1.4" />,
  hold: <path d="M3 1v8M7 1v8" stroke="currentColor" stroke-width="2.2" />,
  off: <><circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" stroke-width="1.3" /><path d="M2.3 7.7 7.7 2.3" stroke="currentColor" stroke-width="1.3" /></>,
};
export type Tone = keyof typeof shapes;
const tones: Record<string, Tone> = {
  online: "ok", offline: "bad", unknown: "unknown", enrolled: "ok", refused: "bad", unverified: "unknown",
  queued: "unknown", running: "run", success: "ok", failed: "bad", partial: "warn", timeout: "bad", stopped: "off",
  skipped: "off", retired: "off", interrupted: "warn", lost: "warn",
  paused: "hold", starting: "run", started: "ok", missed: "warn",
};
const wordings: Record<string, string> = { success: "Succeeded", timeout: "Timed out", unverified: "Not verified", partial: "Partly failed" };
export const tone = (state: string): Tone => tones[state] ?? "unknown";
export const wording = (state: string) => wordings[state] ?? state.charAt(0).toUpperCase() + state.slice(1);

export const Glyph = ({ tone, label }: { tone: Tone; label?: string }) =>
  <svg class={`glyph tone-${tone}`} width="10" height="10" viewBox="0 0 10 10" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : "true"}>{shapes[tone]}</svg>;

export const StatusMark = ({ state, bare }: { state: string; bare?: boolean }) =>
  <span class={`status tone-${tone(state)}`}><Glyph tone={tone(state)} {...(bare ? { label: wording(state) } : {})} />{!bare && wording(state)}</span>;

/** Ticks every second; what shows an age changes only when its words do. */
export const now = signal(Date.now());
setInterval(() => { now.value = Date.now(); }, 1000);

export function age(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  const s = Math.round(ms / 1000);
  return s < 3600 ? `${Math.floor(s / 60)} min ${s % 60} s` : `${Math.floor(s / 3600)} h ${Math.floor(s % 3600 / 60)} min`;
}

// Making a format takes far longer than using it, and a table uses it for each of its rows.
const format = (options: Intl.DateTimeFormatOptions, locale?: string) => {
  const kept = new Map<boolean, Intl.DateTimeFormat>();
  return (at: string | number) => {
    let f = kept.get(utc.value);
    if (!f) kept.set(utc.value, f = new Intl.DateTimeFormat(locale, { ...options, ...utc.value ? { timeZone: "UTC" } : {} }));
    return f.format(new Date(at)) + (utc.value ? " UTC" : "");
  };
};
export const exact = format({ dateStyle: "medium", timeStyle: "medium" });
export const clock = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

export function Ago({ at, none = "never" }: { at: string | null; none?: string }) {
  const words = useMemo(() => computed(() => at === null ? none : `${age(now.value - Date.parse(at))} ago`), [at]);
  return at === null ? <span class="dim">{none}</span> : <time class="num" dateTime={at} title={exact(at)}>{words}</time>;
}

/** How long something took, or has been taking so far. */
export function Took({ from, to, ms }: { from: string | null; to: string | null; ms: number | null }) {
  const words = useMemo(() => computed(() => ms !== null ? duration(ms) : from === null ? "–" : duration((to ? Date.parse(to) : Math.max(now.value, Date.parse(from))) - Date.parse(from))), [from, to, ms]);
  return <span class="num">{words}</span>;
}

export function Copy({ text, label }: { text: string; label: string }) {
  const done = useSignal(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      done.value = true;
      setTimeout(() => { done.value = false; }, 1500);
    } catch {
      toast({ kind: "note", text: "The browser does not let this page copy (it does over HTTPS or on localhost). Select the text and copy it by hand." });
    }
  };
  return <Button kind="ghost" class="small" icon={done.value ? "check" : "copy"} label={done.value ? "Copied" : label} onClick={() => void copy()} />;
}

/** A value that is copied rather than read. */
export const Code = ({ text, label }: { text: string; label: string }) => <span class="copyable"><code>{text}</code><Copy text={text} label={label} /></span>;

export function Panel({ title, aside, children, class: extra, id }: { title?: string; aside?: ComponentChildren; children: ComponentChildren; class?: string; id?: string }) {
  return <section class={`panel${extra ? ` ${extra}` : ""}`} aria-labelledby={title ? id ?? slug(title) : undefined}>
    {title && <header><h2 id={id ?? slug(title)}>{title}</h2>{aside}</header>}{children}
  </section>;
}
const slug = (text: string) => `panel-${text.toLowerCase().replace(/\W+/g, "-")}`;

export const Empty = ({ title, children, action }: { title: string; children?: ComponentChildren; action?: ComponentChildren }) =>
  <div class="empty"><strong>{title}</strong>{children && <p>{children}</p>}{action}</div>;

/** Something went wrong here, what, and what to do. */
export const Trouble = ({ text, children }: { text: string; children?: ComponentChildren }) =>
  <div class="trouble" role="alert"><Icon name="alert" /><div><p>{text}</p>{children}</div></div>;

export const Skeleton = ({ rows = 6, label }: { rows?: number; label: string }) =>
  <div class="skeleton" role="status" aria-label={label}>{Array.from({ length: rows }, (_, i) => <i key={i} />)}</div>;

export const Facts = ({ children }: { children: ComponentChildren }) => <dl class="facts">{children}</dl>;
export const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => <div><dt>{name}</dt><dd>{children}</dd></div>;

const grouped = new Intl.NumberFormat("en");
export const count = (n: number) => grouped.format(n);
export const many = (n: number, one: string, more = `${one}s`) => `${count(n)} ${n === 1 ? one : more}`;
export const short = (commit: string | null) => commit ? commit.slice(0, 7) : "–";
