import { batch, signal } from "@preact/signals";
import { api, ApiError, segment } from "../api";
import { toast } from "../ui/toast";
import { many } from "../ui/basic";
import type { Pane, Said, Workspace } from "../types/terminal";
import { Attachment, type Connection, type Socket } from "./attachment";

const KEY = "linkops.terminal";
interface Tastes { fontSize: number; copyOnSelect: boolean; reader: boolean }
const stored = (): Partial<Tastes> => { try { return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Tastes>; } catch { return {}; } };
export const SIZES = [10, 11, 12, 13, 14, 16, 18, 20, 24];
/** How a person likes their terminals; kept in the browser. */
export const tastes = signal<Tastes>({ fontSize: 13, copyOnSelect: false, reader: false, ...stored() });
export function like(change: Partial<Tastes>): void {
  tastes.value = { ...tastes.peek(), ...change };
  try { localStorage.setItem(KEY, JSON.stringify(tastes.peek())); } catch { /* for this page only */ }
}

/** What a pane's view does with what comes. */
export interface Glass {
  write(bytes: Uint8Array, done: () => void): void;
  /** The shell before is over and a new one begins. */
  another(afresh: boolean): void;
  /** So many bytes were printed before: programs that asked something in them got their answers then. */
  replay(bytes: number): void;
  note(text: string): void;
  /** All that can be scrolled to. */
  text(): string;
}

/** A workspace that is being looked at. */
export class Desk {
  readonly workspace = signal<Workspace | null>(null);
  readonly panes = signal<readonly Pane[]>([]);
  readonly connection = signal<Connection>("connecting");
  readonly why = signal<string | null>(null);
  readonly typist = signal("");
  readonly youType = signal(false);
  /** Characters on their way, by pane. */
  readonly left = signal<readonly number[]>([0, 0, 0, 0]);
  readonly attachment: Attachment;
  private readonly glasses: (Glass | null)[] = [null, null, null, null];
  private readonly past: number[] = [0, 0, 0, 0];
  private readonly early: { bytes: Uint8Array; done: () => void }[][] = [[], [], [], []];

  constructor(readonly id: string) {
    this.attachment = new Attachment(id, {
      output: (pane, bytes, done) => {
        const glass = this.glasses[pane];
        if (glass) glass.write(bytes, done); else this.early[pane]!.push({ bytes, done });
      },
      said: frame => this.said(frame),
      greeted: (workspace, again) => this.greeted(workspace, again),
      connection: (state, why) => batch(() => { this.connection.value = state; this.why.value = why; }),
      cut: (pane, characters) => toast({ kind: "error", text: `The connection was cut while ${many(characters, "character")} for pane ${pane + 1} were on their way. Look at what arrived before you type or paste them again.` }),
      inputMoved: (pane, left) => {
        const most = 4096; // what a hand types needs no telling
        const now = left > most ? left : 0;
        if (this.left.peek()[pane] !== now) this.left.value = this.left.peek().map((n, i) => i === pane ? now : n);
      },
    }, around);
  }

  start(): () => void {
    this.attachment.start();
    return () => this.attachment.end();
  }

  look(pane: number, glass: Glass): () => void {
    this.glasses[pane] = glass;
    glass.replay(this.past[pane]!);
    for (const { bytes, done } of this.early[pane]!.splice(0)) glass.write(bytes, done);
    return () => { this.glasses[pane] = null; };
  }

  /** While the connection is away nothing is taken: it would arrive late, and where nobody expects it any more. */
  type(pane: number, text: string): void {
    if (this.connection.peek() === "live" && this.youType.peek() && this.panes.peek()[pane]?.status === "connected") this.attachment.input[pane]!.type(text);
  }

  text(pane: number): string { return this.glasses[pane]?.text() ?? ""; }
  connect(pane: number): void { this.attachment.say({ type: "connect", pane }); }
  disconnect(pane: number): void { this.attachment.say({ type: "disconnect", pane }); }
  resize(pane: number, cols: number, rows: number): void { if (this.youType.peek()) this.attachment.say({ type: "resize", pane, cols, rows }); }
  takeOver(): void { this.attachment.say({ type: "take_over" }); }

  /** What an answer of the API says of it; of its panes the socket tells, and in order. */
  shows(workspace: Workspace): void {
    this.workspace.value = workspace;
  }

  private greeted(workspace: Workspace, again: boolean): void {
    const before = this.panes.peek();
    batch(() => { this.workspace.value = workspace; this.panes.value = workspace.panes; });
    for (const pane of workspace.panes) {
      if (!again) this.past[pane.pane] = pane.end - pane.start;
      else this.changed(before[pane.pane], pane);
    }
  }

  private said(frame: Said): void {
    if (frame.type === "error") {
      // A pane that changed meanwhile says so itself.
      if (frame.code === "CONFLICT") return;
      if (frame.pane !== null) this.glasses[frame.pane]?.note(frame.message);
      else toast({ kind: "error", text: frame.message });
      return;
    }
    if ("you_type" in frame) batch(() => { this.typist.value = frame.typist; this.youType.value = frame.you_type; });
    else if ("gap" in frame) this.glasses[frame.pane]?.note(`${many(frame.gap.to - frame.gap.from, "byte")} of output are not kept any more and are missing here.`);
    else if ("status" in frame) {
      const before = this.panes.peek()[frame.pane];
      this.panes.value = this.panes.peek().map(p => p.pane === frame.pane ? frame : p);
      this.changed(before, frame);
    }
  }

  private changed(before: Pane | undefined, now: Pane): void {
    if (!before) return;
    const afresh = before.link !== now.link || (now.status === "connecting" && before.reason === "disconnected");
    if (afresh || (now.session !== null && now.session !== before.session)) this.glasses[now.pane]?.another(afresh);
  }
}

const around = {
  open: (path: string): Socket => new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`) as unknown as Socket,
  later: (act: () => void, ms: number) => { const timer = setTimeout(act, ms); return () => clearTimeout(timer); },
  settle: async (id: string) => {
    try {
      await api<Workspace>(`/api/terminal/workspaces/${segment(id)}`);
      return { gone: null };
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) return { gone: "This workspace is not there any more: it was closed, LinkOps was started anew, or it is not shared with you." };
      if (cause instanceof ApiError && cause.status === 403) return { gone: cause.message };
      throw cause;
    }
  },
  random: Math.random,
};
