import { effect, signal } from "@preact/signals";

export const themes = ["gray", "blue", "charcoal", "light"] as const;
export type Theme = typeof themes[number];

const KEY = "linkops.theme";
/** Storage may be forbidden: then the choice holds for this page only. */
const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

export const theme = signal<Theme>(themes.find(t => t === stored()) ?? "gray");

effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  try { localStorage.setItem(KEY, theme.value); } catch { /* kept in memory */ }
});
