import { effect, signal } from "@preact/signals";

export const themes = ["gray", "blue", "charcoal", "light"] as const;
export type Theme = typeof themes[number];

const KEY = "linkops.theme";
/** Storage may be forbidden: then the choice holds for this page only. */
const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; } };

export const theme = signal<Theme>(themes.find(t => t === stored()) ?? "gray");

const kept = (key: string) => { try { return localStorage.getItem(key) === "1"; } catch { return false; } };
/** Whether times are told in UTC instead of the browser's zone. */
export const utc = signal(kept("linkops.utc"));
/** Whether rows of tables are lower. */
export const compact = signal(kept("linkops.compact"));
effect(() => {
  try {
    localStorage.setItem("linkops.utc", utc.value ? "1" : "0");
    localStorage.setItem("linkops.compact", compact.value ? "1" : "0");
  } catch { /* kept in memory */ }
});

if (typeof document !== "undefined") effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  try { localStorage.setItem(KEY, theme.value); } catch { /* kept in memory */ }
});
