import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { sentence } from "../api";
import { Button, Trouble } from "./basic";

interface SheetProps { title: string; kind?: "box" | "wide"; onClose?: (() => void) | undefined; children: ComponentChildren; footer?: ComponentChildren; note?: ComponentChildren }

/** A native modal dialog: the browser keeps the focus inside and gives it back. Without `onClose` it stays. */
export function Sheet({ title, kind = "box", onClose, children, footer, note }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current!;
    const before = document.activeElement;
    element.showModal();
    element.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => { element.close(); if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true }); };
  }, []);
  return <dialog ref={dialog} class={`sheet ${kind}`} aria-labelledby={id} onCancel={event => { event.preventDefault(); onClose?.(); }}
    onMouseDown={event => { if (event.target === dialog.current) onClose?.(); }}>
    <div class="sheet-body">
      <div class="sheet-head"><h2 id={id}>{title}</h2>{note}{onClose && <Button kind="ghost" icon="close" label="Close" onClick={onClose} />}</div>
      <div class="sheet-content">{children}</div>
      {footer && <div class="sheet-foot">{footer}</div>}
    </div>
  </dialog>;
}

interface ConfirmProps { title: string; act: string; danger?: boolean; children: ComponentChildren; onClose: () => void; onConfirm: () => Promise<void> }

/** Asks before something that matters; stays open and says so when it fails. */
export function Confirm({ title, act, danger, children, onClose, onConfirm }: ConfirmProps) {
  const busy = useSignal(false), error = useSignal<string | null>(null);
  const go = async () => {
    busy.value = true;
    error.value = null;
    try { await onConfirm(); onClose(); } catch (cause) { error.value = sentence(cause); busy.value = false; }
  };
  return <Sheet title={title} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind={danger ? "danger" : "primary"} busy={busy.value} onClick={() => void go()}>{act}</Button></>}>
    {children}{error.value && <Trouble text={error.value} />}
  </Sheet>;
}
