import "./nonce";
import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import type { SearchAddon } from "@xterm/addon-search";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal, type ITheme } from "@xterm/xterm";

/** The same in all themes: what programs print is coloured for a dark screen. */
const theme: ITheme = {
  background: "#0b0d10", foreground: "#d6dde6", cursor: "#d6dde6", cursorAccent: "#0b0d10", selectionBackground: "#2f4a6e", selectionInactiveBackground: "#3f5a85",
  black: "#3b4350", red: "#ff7b72", green: "#4cc38a", yellow: "#f0b429", blue: "#6cb2ff", magenta: "#d2a8ff", cyan: "#56d4dd", white: "#c9d1d9",
  brightBlack: "#8b949e", brightRed: "#ffa198", brightGreen: "#7ee2b0", brightYellow: "#ffd166", brightBlue: "#a5d0ff", brightMagenta: "#e2c5ff", brightCyan: "#8be9f0", brightWhite: "#ffffff",
};
const found = { matchBackground: "#6b5a1e", activeMatchBackground: "#f0b429", matchOverviewRuler: "#f0b429", activeMatchColorOverviewRuler: "#ffffff" };

/** Ends whatever a program that is gone had switched on: the other screen, mouse and paste modes, a hidden cursor. */
const CALM = "\u001b[!p\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?25h\u001b[0m";

export interface Wishes { fontSize: number; scrollback?: number; readOnly?: boolean }

/** One xterm and what belongs to it. */
export class Screen {
  readonly term: Terminal;
  private readonly fitting = new FitAddon();
  private searching: SearchAddon | null = null;
  private loading: Promise<SearchAddon> | null = null;

  constructor({ fontSize, scrollback = 10_000, readOnly = false }: Wishes, private readonly open: (uri: string) => void) {
    this.term = new Terminal({
      fontSize, scrollback, theme, fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace', lineHeight: 1.2, disableStdin: readOnly, cursorBlink: false,
      minimumContrastRatio: 4.5, allowProposedApi: true, macOptionIsMeta: true, rightClickSelectsWord: false, cursorInactiveStyle: readOnly ? "none" : "outline",
      linkHandler: { activate: (_, uri) => this.open(uri), allowNonHttpProtocols: false },
    });
    this.term.loadAddon(this.fitting);
    // Links are shown as such; following one is asked for, as its text need not say where it leads.
    this.term.loadAddon(new WebLinksAddon((_, uri) => this.open(uri)));
    void import("@xterm/addon-unicode11").then(({ Unicode11Addon }) => {
      this.term.loadAddon(new Unicode11Addon());
      this.term.unicode.activeVersion = "11";
    }, () => { /* wide characters then have the widths of an older Unicode */ });
  }

  mount(host: HTMLElement, label: string): void {
    this.term.open(host);
    this.name(label);
  }

  name(label: string): void {
    this.term.textarea?.setAttribute("aria-label", label);
  }

  /** As many columns and rows as there is room for, or null while there is none. */
  room(): { cols: number; rows: number } | null {
    const size = this.fitting.proposeDimensions();
    return size && Number.isFinite(size.cols) && Number.isFinite(size.rows) ? { cols: Math.max(2, Math.min(1000, size.cols)), rows: Math.max(1, Math.min(1000, size.rows)) } : null;
  }

  /** Everything that can be scrolled to and what fills the screen, as text; lines that were folded are whole again. */
  text(): string {
    const { normal, active } = this.term.buffer;
    return [normal, ...(active.type === "alternate" ? [active] : [])].map(buffer => {
      const lines: string[] = [];
      for (let y = 0; y < buffer.length; y++) {
        const line = buffer.getLine(y)!, text = line.translateToString(!buffer.getLine(y + 1)?.isWrapped);
        if (line.isWrapped && lines.length) lines[lines.length - 1] += text; else lines.push(text);
      }
      return lines.join("\n").trimEnd();
    }).filter(Boolean).join("\n\n") + "\n";
  }

  calm(): void {
    this.term.write(CALM);
  }

  async search(): Promise<{ next(text: string, back: boolean): boolean; clear(): void; onCount(heard: (index: number, count: number) => void): void }> {
    this.loading ??= import("@xterm/addon-search").then(({ SearchAddon }) => {
      this.searching = new SearchAddon();
      this.term.loadAddon(this.searching);
      return this.searching;
    });
    const addon = await this.loading;
    return {
      next: (text, back) => back ? addon.findPrevious(text, { decorations: found }) : addon.findNext(text, { decorations: found, incremental: false }),
      clear: () => { addon.clearDecorations(); this.term.clearSelection(); },
      onCount: heard => { addon.onDidChangeResults(({ resultIndex, resultCount }) => heard(resultIndex, resultCount)); },
    };
  }

  end(): void {
    this.term.dispose();
  }
}
