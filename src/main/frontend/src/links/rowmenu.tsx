import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../ui/basic";
import type { IconName } from "../ui/icons";
import { toast } from "../ui/toast";

export interface RowAction { text: string; icon: IconName; why?: string | null | undefined; danger?: boolean; act: () => void }

/** A menu beside a row. It is outside of the table, whose rows clip what leaves them. */
export function RowMenu({ label, from, items, onClose }: { label: string; from: DOMRect; items: readonly RowAction[]; onClose: () => void }) {
  const menu = useRef<HTMLDivElement>(null);
  const before = useRef(document.activeElement);
  const back = () => { onClose(); if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true }); };
  useLayoutEffect(() => {
    const box = menu.current!, size = box.getBoundingClientRect();
    const narrow = from.width > 200; // a whole row: the menu stands at its right end
    const left = Math.min(innerWidth - size.width - 8, narrow ? from.right - size.width - 8 : from.right - size.width);
    const below = from.bottom + 2, fits = below + size.height < innerHeight - 8;
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${fits ? below : Math.max(8, from.top - size.height - 2)}px`;
    box.querySelector<HTMLElement>("button")?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    const away = (event: Event) => { if (!menu.current?.contains(event.target as Node)) onClose(); };
    addEventListener("pointerdown", away);
    addEventListener("resize", onClose);
    return () => { removeEventListener("pointerdown", away); removeEventListener("resize", onClose); };
  }, []);
  const keys = (event: KeyboardEvent) => {
    const all = [...menu.current!.querySelectorAll<HTMLElement>("button")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = (i: number) => all[(i + all.length) % all.length]?.focus();
    if (event.key === "ArrowDown" || event.key === "j") to(at + 1);
    else if (event.key === "ArrowUp" || event.key === "k") to(at - 1);
    else if (event.key === "Home") to(0);
    else if (event.key === "End") to(-1);
    else if (event.key === "Escape" || event.key === "Tab" || event.key === ".") back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return <div class="menu row-menu" ref={menu} onKeyDown={keys}><div role="menu" aria-label={label}>
    {items.map(item => <button key={item.text} type="button" role="menuitem" tabIndex={-1} class={item.danger ? "danger" : undefined} aria-disabled={item.why ? "true" : undefined} title={item.why ?? undefined}
      onClick={() => { if (item.why) { toast({ kind: "note", text: item.why }); return; } back(); item.act(); }}><Icon name={item.icon} />{item.text}</button>)}
  </div></div>;
}
