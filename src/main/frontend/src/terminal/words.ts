import type { Layout, Pane } from "../types/terminal";

export const layouts: { layout: Layout; panes: number; text: string; icon: "paneOne" | "paneColumns" | "paneRows" | "paneGrid" }[] = [
  { layout: "single", panes: 1, text: "One pane", icon: "paneOne" },
  { layout: "grid2x1", panes: 2, text: "Two side by side", icon: "paneColumns" },
  { layout: "grid1x3", panes: 3, text: "Three rows", icon: "paneRows" },
  { layout: "grid2x2", panes: 4, text: "Two by two", icon: "paneGrid" },
];

/** Why a pane has no shell, and what to do; null while there is nothing to say. */
export function whyClosed(pane: Pane): string | null {
  if (pane.status !== "closed" || pane.reason === null) return null;
  switch (pane.reason) {
    case "exited": return pane.exit_code ? `The shell ended with exit code ${pane.exit_code}.` : "The shell ended.";
    case "disconnected": return "Disconnected. Connect opens a new shell.";
    case "abandoned": return "Nobody came back in time, so the shell was ended. Connect opens a new one.";
    case "lost": return `The connection to ${pane.link} was lost, and the shell with it. Connect opens a new one.`;
    case "shutdown": return "LinkOps was stopped, and the shell with it. Connect opens a new one.";
    default: return pane.error ?? `No shell could be opened (${pane.reason.replaceAll("_", " ")}). Look at the link, then connect again.`;
  }
}

/** Whether a person should look: it should be connected and is not. */
export const failed = (pane: Pane) => pane.status === "closed" && pane.reason !== null && pane.reason !== "disconnected" && !(pane.reason === "exited" && !pane.exit_code);

export const tally = (panes: readonly Pane[]) => {
  const used = panes.filter(p => p.link !== null);
  return used.length ? `${used.filter(p => p.status === "connected").length}/${used.length} connected` : "no links chosen";
};

/** How a shell ended, in a few words for a table. */
export function ended(reason: string | null, code: number | null): string {
  if (reason === null) return "open";
  return reason === "exited" ? code === null ? "exited" : `exit ${code}` : reason.replaceAll("_", " ");
}

export function bytes(n: number | null): string {
  if (n === null) return "–";
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB"];
  let value = n / 1000, unit = 0;
  while (value >= 999.5 && unit < 2) { value /= 1000; unit++; }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}
