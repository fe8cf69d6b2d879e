import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./basic";
import type { IconName } from "./icons";
import { toast } from "./toast";

export interface Item { text: string; icon?: IconName; checked?: boolean; /** Why it cannot be chosen; null if it can. */ why?: string | null; act: () => void }

/** A button with a menu under it: arrows move, Escape closes, as everywhere. */
export function Menu({ label, class: extra, face, head, items, title }: { label: string; class?: string; face: ComponentChildren; head?: ComponentChildren; items: Item[]; title?: string }) {
  const open = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const focus = (index: number) => {
    const all = [...root.current!.querySelectorAll<HTMLElement>(".menu button")];
    all[(index + all.length) % all.length]?.focus();
  };
  const close = (back: boolean) => { open.value = false; if (back) root.current?.querySelector("button")?.focus(); };
  useEffect(() => {
    if (!open.value) return;
    const away = (event: Event) => { if (!root.current?.contains(event.target as Node)) open.value = false; };
    addEventListener("pointerdown", away);
    addEventListener("focusin", away);
    focus(Math.max(0, items.findIndex(i => i.checked)));
    return () => { removeEventListener("pointerdown", away); removeEventListener("focusin", away); };
  }, [open.value]);
  const keys = (event: KeyboardEvent) => {
    const all = [...root.current!.querySelectorAll<HTMLElement>(".menu button")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown") focus(at + 1);
    else if (event.key === "ArrowUp") focus(at - 1);
    else if (event.key === "Home") focus(0);
    else if (event.key === "End") focus(-1);
    else if (event.key === "Escape") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const role = items.some(i => i.checked !== undefined) ? "menuitemradio" : "menuitem";
  return <div class="menu-root" ref={root} onKeyDown={event => { if (open.value) keys(event); }}>
    <button type="button" class={extra ?? "button ghost"} aria-label={label} title={title ?? label} aria-haspopup="menu" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{face}</button>
    {open.value && <div class="menu">{head}
      <div role="menu" aria-label={label}>{items.map(item =>
        <button key={item.text} type="button" role={role} aria-checked={item.checked} tabIndex={-1} aria-disabled={item.why ? "true" : undefined} title={item.why ?? undefined} onClick={() => { if (item.why) { toast({ kind: "note", text: item.why }); return; } close(true); item.act(); }}>
          {item.icon && <Icon name={item.icon} />}{item.text}{item.checked && <span class="end"><Icon name="check" /></span>}</button>)}</div>
    </div>}
  </div>;
}
