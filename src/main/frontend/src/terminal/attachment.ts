import { segment } from "../api";
import type { Said, Workspace } from "../types/terminal";
import { PaneInput } from "./input";

/** The part of a WebSocket that is used, so that tests can stand in for it. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface Around {
  open(path: string): Socket;
  later(act: () => void, ms: number): () => void;
  /** Finds out why a connection ended: the workspace, or why there is none; waits for a log-in if one is needed. */
  settle(id: string): Promise<{ gone: string | null }>;
  random(): number;
}

export type Connection = "connecting" | "live" | "lost" | "idle" | "over";

export interface Handlers {
  /** `done` says that these bytes are on the screen: only then more may come. */
  output(pane: number, bytes: Uint8Array, done: () => void): void;
  said(frame: Said): void;
  greeted(workspace: Workspace, again: boolean): void;
  connection(state: Connection, why: string | null): void;
  /** What was typed and may not have arrived, when the connection was cut. */
  cut(pane: number, characters: number): void;
  inputMoved?(pane: number, left: number): void;
}

const FIRST_WAIT = 400;
const LONGEST_WAIT = 15_000;
const ACK_EVERY = 32 * 1024;
const PANES = 4;

const ends: Record<number, { state: Connection; why: string }> = {
  4000: { state: "over", why: "This workspace was closed, and its shells with it." },
  4001: { state: "idle", why: "Nothing came or went for a long time, so the connection was closed. The shells are kept for a while: connect again to go on." },
  4003: { state: "over", why: "This workspace is not shared with you any more." },
};

/**
 * The socket of a workspace that comes back, and goes on behind the last byte that was heard. Bytes that come twice are
 * left out; input is handed over piece by piece ({@link PaneInput}).
 */
export class Attachment {
  readonly input: readonly PaneInput[];
  private socket: Socket | null = null;
  private cancel: (() => void) | null = null;
  private wait = FIRST_WAIT;
  private over = false;
  private greeted = false;
  private readonly heard: (number | null)[] = Array(PANES).fill(null);
  private shown = Array<number>(PANES).fill(0);
  private acked = Array<number>(PANES).fill(0);

  constructor(private readonly id: string, private readonly handlers: Handlers, private readonly around: Around) {
    this.input = Array.from({ length: PANES }, (_, pane) => new PaneInput(
      data => this.say({ type: "stdin", pane, data, confirm: true }),
      () => this.say({ type: "stdin_resume", pane }),
      () => handlers.inputMoved?.(pane, this.input?.[pane]?.left ?? 0)));
  }

  start(): void {
    if (this.socket || this.over) return;
    this.cancel?.();
    this.cancel = null;
    this.handlers.connection("connecting", null);
    const after = this.heard.flatMap((offset, pane) => offset === null ? [] : [`${pane}:${offset}`]).join(",");
    const socket = this.around.open(`/api/terminal/workspaces/${segment(this.id)}/ws?output=binary&acks=true${after ? `&after=${after}` : ""}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket) return;
      if (typeof data === "string") this.frame(JSON.parse(data) as Said);
      else this.bytes(new Uint8Array(data as ArrayBuffer), socket);
    };
    socket.onclose = ({ code }) => { if (this.socket === socket) this.closed(code); };
  }

  /** Leaves; the shells stay. */
  end(): void {
    this.over = true;
    this.cancel?.();
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  say(frame: object): void {
    if (this.greeted) this.socket?.send(JSON.stringify(frame));
  }

  /** Bytes that are no text, such as old mouse reports; they may be lost where nothing reads. */
  raw(pane: number, bytes: Uint8Array): void {
    if (!this.greeted || this.input[pane]!.left) return;
    const frame = new Uint8Array(bytes.length + 1);
    frame[0] = pane;
    frame.set(bytes, 1);
    this.socket?.send(frame);
  }

  private frame(said: Said): void {
    if (said.type === "error") {
      const input = said.pane === null ? undefined : this.input[said.pane];
      if (said.code === "INPUT_FULL") { input?.full(); return; }
      input?.drop();
    } else if ("workspace" in said && said.workspace) {
      const again = this.heard.some(offset => offset !== null);
      this.greeted = true;
      this.wait = FIRST_WAIT;
      for (const pane of said.workspace.panes) {
        // Offsets begin anew only if another LinkOps answers for this id, which it never does; behind the end nothing comes.
        this.heard[pane.pane] = Math.min(this.heard[pane.pane] ?? pane.start, pane.end);
        this.shown[pane.pane] = this.acked[pane.pane] = this.heard[pane.pane]!;
      }
      this.handlers.connection("live", null);
      this.handlers.greeted(said.workspace, again);
    } else if ("input" in said) {
      if (said.input === "taken") this.input[said.pane]!.taken(); else this.input[said.pane]!.roomAgain();
      return;
    } else if ("gap" in said) this.skip(said.pane, said.gap.to);
    else if ("status" in said && said.status !== "connected") this.input[said.pane]!.drop();
    this.handlers.said(said);
  }

  private skip(pane: number, to: number): void {
    this.heard[pane] = Math.max(this.heard[pane] ?? 0, to);
    this.shown[pane] = Math.max(this.shown[pane]!, to);
  }

  private bytes(frame: Uint8Array, socket: Socket): void {
    const pane = frame[0]!, at = new DataView(frame.buffer, frame.byteOffset).getUint32(1) * 2 ** 32 + new DataView(frame.buffer, frame.byteOffset).getUint32(5);
    const known = Math.max(0, (this.heard[pane] ?? at) - at);
    const fresh = frame.subarray(9 + known);
    if (!fresh.length) return;
    const end = at + known + fresh.length;
    this.heard[pane] = end;
    this.handlers.output(pane, fresh, () => {
      if (this.socket !== socket) return;
      this.shown[pane] = Math.max(this.shown[pane]!, end);
      if (this.shown[pane]! - this.acked[pane]! >= ACK_EVERY) {
        this.acked[pane] = this.shown[pane]!;
        this.say({ type: "ack", pane, offset: this.shown[pane] });
      }
    });
  }

  private closed(code: number): void {
    this.socket = null;
    const was = this.greeted;
    this.greeted = false;
    this.input.forEach((input, pane) => { const lost = input.drop(); if (lost && was) this.handlers.cut(pane, lost); });
    const end = ends[code];
    if (end) {
      this.over = end.state === "over";
      this.handlers.connection(end.state, end.why);
      return;
    }
    this.handlers.connection("lost", code === 1001 ? "LinkOps is stopping; its shells end." : null);
    const pause = this.wait * (0.75 + this.around.random() / 2);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    this.cancel = this.around.later(() => { void this.again(); }, pause);
  }

  private async again(): Promise<void> {
    let gone: string | null = null;
    try { ({ gone } = await this.around.settle(this.id)); } catch { /* no answer: try, and wait longer */ }
    if (this.over || this.socket) return;
    if (gone === null) this.start();
    else { this.over = true; this.handlers.connection("over", gone); }
  }
}
