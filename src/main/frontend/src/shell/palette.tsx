import "../style/palette.css";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { post, segment, sentence } from "../api";
import { links, linkById, linksReady, newest, operations, patchLink, scripts, scriptsReady } from "../live/fleet";
import { navigate } from "../router";
import { newRun } from "../run";
import { closed, denied, logOut } from "../session";
import { parts } from "../settings/parts";
import { theme, themes } from "../theme";
import { Icon, many, StatusMark, Glyph } from "../ui/basic";
import type { IconName } from "../ui/icons";
import { closedTo, openTerminals } from "../terminal/open";
import { toast } from "../ui/toast";
import type { Link } from "../types";
import { helpOpen, paletteOpen } from "./keys";
import { order, rank, type Entry } from "./match";
import { syncAndTell } from "./topbar";

interface Choice extends Entry {
  group: "Recent" | "Do" | "Links" | "Scripts" | "Operations" | "Go to";
  text: string;
  note?: string;
  icon: IconName;
  /** Of a link or an operation. */
  state?: string;
  why?: string | null;
  act: () => void;
}

const MOST_RECENT = 6, KEY = "linkops.recent";
function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === "string").slice(0, MOST_RECENT) : [];
  } catch { return []; }
}
function remember(id: string): void {
  try { localStorage.setItem(KEY, JSON.stringify([id, ...recent().filter(r => r !== id)].slice(0, MOST_RECENT))); } catch { /* not remembered */ }
}

async function verify(on: readonly string[]): Promise<void> {
  const one = on.length === 1 ? on[0]! : null;
  try {
    if (one && linkById.peek().has(one)) {
      toast({ kind: "note", text: `Verifying ${one}…` });
      const result = await post<{ enrolled: boolean; error: string | null; link?: Link }>(`/api/links/${segment(one)}/verify`);
      if (result.link) patchLink(result.link);
      toast(result.enrolled ? { kind: "done", text: `${one} is enrolled.` } : { kind: "note", text: `${one} is not enrolled: ${result.error ?? "see its page."}`, link: { to: `/links/${encodeURIComponent(one)}`, text: "Open it" } });
    } else navigate(`/operations/${encodeURIComponent((await post<{ operation_id: string }>("/api/links/verify", { targets: on })).operation_id)}`);
  } catch (cause) { toast({ kind: "error", text: `${on.join(", ")} was not verified: ${sentence(cause)}` }); }
}

const places: [string, string, IconName][] = [["/", "Overview", "overview"], ["/links", "Links", "links"], ["/operations", "Operations", "operations"], ["/operations?view=active", "Running operations", "play"], ["/scripts", "Scripts", "scripts"], ["/terminal", "Terminal", "terminal"], ["/activity", "Activity", "activity"]];

/** Everything without what is typed: made once for each opening. */
function everything(): Choice[] {
  const go = (to: string) => () => navigate(to);
  const all: Choice[] = [];
  const add = (choice: Omit<Choice, "key">, ...more: string[]) => all.push({ ...choice, key: [choice.text, ...more].join(" ").toLowerCase() });
  const running = denied("operator", "Running scripts");
  add({ id: "do:run", group: "Do", text: "New run", note: "choose scripts and links", icon: "play", why: running, act: () => newRun() });
  add({ id: "do:sync", group: "Do", text: "Sync git", icon: "sync", why: closed("operator", "Syncing"), act: () => void syncAndTell() });
  for (const t of themes) add({ id: `do:theme:${t}`, group: "Do", text: `Theme ${t}`, icon: "theme", ...(theme.peek() === t ? { note: "now" } : {}), act: () => { theme.value = t; } });
  add({ id: "do:keys", group: "Do", text: "Keyboard shortcuts", icon: "keyboard", act: () => { helpOpen.value = true; } }, "help");
  add({ id: "do:logout", group: "Do", text: "Log out", icon: "logout", act: () => void logOut().catch(cause => toast({ kind: "error", text: `You are still logged in: ${sentence(cause)}` })) }, "sign out");
  for (const [to, text, icon] of places) add({ id: `page:${to}`, group: "Go to", text, icon, act: go(to) });
  for (const p of parts) add({ id: `page:/settings/${p.id}`, group: "Go to", text: p.text, note: "Settings", icon: p.icon, act: go(`/settings/${p.id}`) }, "settings", p.about);
  for (const s of scripts.peek()) add({ id: `script:${s.id}`, group: "Scripts", text: s.name, note: s.description, icon: "scripts", act: go(`/scripts/${encodeURIComponent(s.id)}`) }, s.id);
  for (const l of links.peek()) all.push({ id: `link:${l.id}`, key: l.id.toLowerCase(), group: "Links", text: l.id, note: l.host, icon: "links", state: l.health.status, act: go(`/links/${encodeURIComponent(l.id)}`) });
  for (const o of [...operations.peek().values()].sort(newest).slice(0, 100)) {
    const what = o.kind === "verify" ? "Verify" : o.scripts.join(", ");
    add({ id: `operation:${o.id}`, group: "Operations", text: what, note: `${many(o.targets, "link")}, ${o.started_by}, ${o.id}`, icon: "operations", state: o.status, act: go(`/operations/${encodeURIComponent(o.id)}`) }, o.id);
  }
  return all;
}

/** What the typed text orders, worked out against what there is. */
function ordered(text: string): Choice[] {
  const said = order(text);
  if (!said) return [];
  const pool = links.peek().map(l => ({ id: l.id, key: l.id.toLowerCase() }));
  /** Selectors stay as they are typed; the beginning of a name offers the names. */
  const targets = (on: string[]): string[][] => {
    const last = on.at(-1);
    if (!last || /[:*?!]/.test(last) || linkById.peek().has(last)) return [on];
    return rank(pool, last, 5).map(l => [...on.slice(0, -1), l.id]);
  };
  const choice = (id: string, text: string, icon: IconName, why: string | null, act: () => void, note?: string): Choice => ({ id, key: text, group: "Do", text, icon, why, act, ...(note ? { note } : {}) });
  if (said.verb === "theme") return [];
  if (said.verb === "run") {
    const found = rank(scripts.peek().map(s => ({ id: s.id, key: `${s.id} ${s.name}`.toLowerCase() })), said.script, 4);
    return found.flatMap(s => (said.on.length ? targets(said.on) : [[]]).slice(0, 3).map(on => choice(`order:run:${s.id}:${on}`, `Run ${s.id}${on.length ? ` on ${on.join(", ")}` : "…"}`, "play", denied("operator", "Running scripts"),
      () => newRun({ scripts: [s.id], ...(on.every(t => linkById.peek().has(t)) ? { picked: on } : { selectors: on }) }), "opens the run for a last look")));
  }
  return targets(said.on).filter(on => on.length).map(on => said.verb === "verify"
    ? choice(`order:verify:${on}`, `Verify ${on.join(", ")}`, "verify", denied("operator", "Verifying"), () => void verify(on), "connects, proves host key and id")
    : choice(`order:terminal:${on}`, `Terminal on ${on.join(", ")}`, "terminal", closedTo(on), () => void openTerminals(on)));
}

const SHOWN = 24;

export default function Palette() {
  const dialog = useRef<HTMLDialogElement>(null), list = useRef<HTMLDivElement>(null);
  const text = useSignal(""), cursor = useSignal(0);
  // Opened before the fleet was fetched, it fills up when that is there; what changes later keeps its place.
  const all = useComputed(() => { void linksReady.value; void scriptsReady.value; return everything(); }), kept = useMemo(recent, []);
  const choices = useComputed<Choice[]>(() => {
    const typed = text.value.trim();
    if (!typed) {
      const by = new Map(all.value.map(c => [c.id, c]));
      const again = kept.flatMap(id => by.get(id) ?? []).map(c => ({ ...c, group: "Recent" as const }));
      return [...again, ...all.value.filter(c => (c.group === "Do" || c.group === "Go to") && !kept.includes(c.id))].slice(0, SHOWN);
    }
    const verbs = ordered(typed);
    const found = rank(all.value, typed, SHOWN - verbs.length, id => kept.includes(id) ? 60 : 0);
    // The best kind comes first, and each kind stays together.
    const order = [...new Set(found.map(c => c.group))];
    return [...verbs, ...found.filter(c => !verbs.length || c.group !== "Do"), ...(verbs.length ? found.filter(c => c.group === "Do") : [])]
      .sort((a, b) => (verbs.includes(a) ? -1 : order.indexOf(a.group)) - (verbs.includes(b) ? -1 : order.indexOf(b.group)));
  });
  useEffect(() => {
    const element = dialog.current!, before = document.activeElement;
    element.showModal();
    return () => { element.close(); if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true }); };
  }, []);
  const close = () => { paletteOpen.value = false; };
  const shown = choices.value, at = Math.min(cursor.value, shown.length - 1);
  useEffect(() => { list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }); }, [at, shown]);
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    if (choice.why) { toast({ kind: "note", text: choice.why }); return; }
    if (!choice.id.startsWith("order:")) remember(choice.id);
    close();
    // The palette is gone first, so that what opens gets the focus.
    setTimeout(choice.act);
  };
  const keys = (event: KeyboardEvent) => {
    const to = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : event.key === "PageDown" ? Math.min(shown.length - 1, at + 8) : event.key === "PageUp" ? Math.max(0, at - 8) : null;
    if (to !== null) cursor.value = shown.length ? (to + shown.length) % shown.length : 0;
    else if (event.key === "Enter") choose(shown[at]);
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") close();
    else return;
    event.preventDefault();
  };
  let before = "";
  return <dialog ref={dialog} class="palette" aria-label="Go to or do" onCancel={event => { event.preventDefault(); close(); }} onMouseDown={event => { if (event.target === dialog.current) close(); }}>
    <div class="palette-in"><Icon name="search" size={18} /><input type="text" role="combobox" aria-label="Go to or do" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" aria-activedescendant={at >= 0 ? `palette-${at}` : undefined} autocomplete="off" spellcheck={false} autocapitalize="none"
      placeholder="A link, script, page, or: run baseline on tag:prod" value={text} onInput={event => { text.value = (event.target as HTMLInputElement).value; cursor.value = 0; }} onKeyDown={keys} /><kbd>Esc</kbd></div>
    <div id="palette-list" role="listbox" aria-label="Results" class="palette-list" ref={list} tabIndex={-1}>
      {shown.map((c, i) => { const head = c.group !== before; before = c.group; return <>{head && <div class="palette-group" role="presentation" key={`g${c.group}${i}`}>{c.group}</div>}
        <div key={c.id} id={`palette-${i}`} role="option" aria-selected={i === at} aria-disabled={c.why ? "true" : undefined} title={c.why ?? undefined} class="palette-row" onMouseMove={() => { cursor.value = i; }} onClick={() => choose(c)}>
          <Icon name={c.icon} /><span class="clip">{c.text}</span>{c.note && <small class="clip">{c.note}</small>}
          {c.why ? <span class="end status tone-off"><Glyph tone="off" />not allowed</span> : c.state ? <span class="end"><StatusMark state={c.state} /></span> : null}</div></>; })}
    </div>
    {!shown.length && <p class="palette-none" role="status">Nothing is called so. Names of links, scripts and pages are searched; verbs are run, verify, terminal, theme, sync git, log out.</p>}
    <p class="unseen" role="status">{shown.length ? `${many(shown.length, "result")}` : ""}</p>
    <footer class="palette-foot"><span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> go</span><span class="wide">run … on …, verify …, terminal …, theme …</span></footer>
  </dialog>;
}
