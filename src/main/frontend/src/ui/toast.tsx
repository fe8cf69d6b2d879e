import { signal } from "@preact/signals";
import { outlines } from "./icons";

interface Toast { id: number; kind: "done" | "note" | "error"; text: string; link?: { to: string; text: string } }
const toasts = signal<readonly Toast[]>([]);
const MOST = 4;
let last = 0;

/** Says something in passing. Errors stay until they are closed. */
export function toast(said: Omit<Toast, "id">): void {
  if (toasts.peek().some(t => t.text === said.text)) return;
  const id = ++last;
  toasts.value = [...toasts.peek(), { ...said, id }].slice(-MOST);
  if (said.kind !== "error") setTimeout(() => close(id), 6000);
}
const close = (id: number) => { toasts.value = toasts.peek().filter(t => t.id !== id); };

const icons = { done: outlines.check, note: outlines.info, error: outlines.alert };
export const Toasts = () => <div class="toasts" role="status" aria-live="polite">
  {toasts.value.map(t => <div key={t.id} class={`toast ${t.kind}`}>
    <svg class="icon" width="16" height="16" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={icons[t.kind]} /></svg>
    <p>{t.text}{t.link && <> <a href={t.link.to}>{t.link.text}</a></>}</p>
    <button type="button" class="button ghost only small" aria-label="Close message" onClick={() => close(t.id)}><svg class="icon" width="14" height="14" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true"><path d={outlines.close} /></svg></button>
  </div>)}
</div>;
