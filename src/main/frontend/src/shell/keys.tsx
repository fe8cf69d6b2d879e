import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { navigate } from "../router";
import { newRun, draft } from "../run";
import { denied } from "../session";
import { Sheet } from "../ui/dialog";
import { toast } from "../ui/toast";

export const helpOpen = signal(false);
export const paletteOpen = signal(false);
const places: Record<string, string> = { o: "/", l: "/links", s: "/scripts", p: "/operations", t: "/terminal", y: "/activity", ",": "/settings" };

const typing = (target: EventTarget | null) => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== "checkbox");

/** Keys that work on every page; a page's own keys are handled there first. */
export function useChords(): void {
  useEffect(() => {
    let going = 0;
    const pressed = (event: KeyboardEvent) => {
      // Also while typing; a terminal keeps its keys (it prevents them), and a dialog its place.
      if (!event.defaultPrevented && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        paletteOpen.value = true;
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
      if (Date.now() - going < 1500 && places[event.key]) { navigate(places[event.key]!); going = 0; }
      else if (event.key === "g") { going = Date.now(); return; }
      else if (event.key === "?") helpOpen.value = true;
      else if (event.key === "/") document.querySelector<HTMLInputElement>("main input[type=search]")?.focus();
      else if (event.key === "r" && !draft.peek()) {
        const why = denied("operator", "Running scripts");
        if (why) toast({ kind: "note", text: why }); else newRun();
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}

const keys: [string, [string, string][]][] = [
  ["Everywhere", [["Ctrl K", "Go to or do anything"], ["g o", "Overview"], ["g l", "Links"], ["g s", "Scripts"], ["g p", "Operations"], ["g t", "Terminal"], ["g y", "Activity"], ["g ,", "Settings"], ["r", "New run"], ["/", "Filter or search"], ["?", "This help"], ["Esc", "Close, back"]]],
  ["Tables", [["↑ ↓ or k j", "Move"], ["Space or x", "Select the row"], ["Shift ↑ ↓", "Select a range"], ["Ctrl A", "Select all shown"], ["Enter", "Open"], ["v", "Verify the selected links"], ["t", "Terminals on the selected links"], [".", "Menu of the row"]]],
  ["Map of the links", [["↑ ↓ ← →", "Move"], ["Enter", "Open, unfold"], ["f", "Only what is behind it"], ["+ − 0", "Nearer, farther, all"], ["Shift and arrows", "Move the map"]]],
  ["Terminal", [["Alt 1 – 4", "Go to the pane"], ["Alt 0", "Leave the terminal"], ["Ctrl Shift F", "Search"], ["Ctrl Shift B", "Broadcast to panes"], ["Ctrl Shift C, V", "Copy, paste"], ["Space, ← →", "Replay: play, 5 s back, on"]]],
  ["Output", [["f", "Follow"], ["w", "Wrap long lines"], ["e", "Only stderr"], ["Ctrl F", "Search the output"], ["n, N", "Next, previous find"], ["l", "Point the address at a line"]]],
];

export const HelpSheet = () => <Sheet title="Keyboard" kind="wide" onClose={() => { helpOpen.value = false; }}
  footer={<a class="quiet" href="/assets/licenses.txt" target="_blank" rel="noopener">Licences of the parts LinkOps’ pages are made of</a>}>
  <div class="keys">{keys.map(([group, list]) => <section key={group}><h3>{group}</h3><dl>{list.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl></section>)}</div>
</Sheet>;
