import { signal } from "@preact/signals";
import { api, ApiError, segment, sentence } from "../api";
import { browser, whileVisible } from "../live/browser";
import { patchOperations } from "../live/fleet";
import { EventStream, type StreamState } from "../live/stream";
import type { Counts, Execution, ExecutionStatus, Operation, OperationStatus } from "../types";
import { isOver } from "../types";
import { Lines } from "./lines";

const NAMES = ["operation.started", "execution.started", "execution.output", "execution.finished", "operation.finished"];

interface Started { execution: string; index: number; target: string; script: string | null; at: string }
interface Output { execution: string; target: string; stream: string; data: string; base64?: string }
interface Finished extends Started { status: ExecutionStatus; exit_code: number | null; signal: string | null; reason: string | null; error: string | null; duration_ms: number | null }
interface Ended { status: OperationStatus; counts: Counts; reason: string | null; at: string }

/** One operation as it runs: its record, kept current by its events, and its output. */
export class Run {
  readonly operation = signal<Operation | null>(null);
  readonly failed = signal<string | null>(null);
  readonly missing = signal(false);
  readonly stream = signal<StreamState>("connecting");
  readonly lines = new Lines();
  /** Counts up, once a frame, whenever lines came. */
  readonly revision = signal(0);
  private executions = new Map<string, Execution>();
  private frame = 0;
  private leave: () => void = () => {};

  constructor(private readonly id: string) {}

  /** Begins to follow; the answer ends it. */
  follow(): () => void {
    let left = false, fresh = false, opened = false;
    const events = new EventStream(`/api/operations/${segment(this.id)}/events`, NAMES, true, {
      event: (name, data) => { fresh = true; this.heard(name, JSON.parse(data)); },
      state: state => {
        this.stream.value = state;
        if (state === "live") fresh = false;
        // A record that ended without its last event (LinkOps was killed) has nothing more to say.
        else if (state === "lost" && opened && !fresh && isOver(this.operation.peek()?.status ?? "running")) this.end();
      },
      opened: () => { opened = true; },
    }, browser);
    this.end = () => events.end();
    void this.fetch().then(() => { if (!left && this.operation.peek()) this.leave = whileVisible(events); });
    return () => { left = true; this.leave(); cancelAnimationFrame(this.frame); };
  }

  private end: () => void = () => {};

  async fetch(): Promise<void> {
    try {
      const operation = await api<Operation>(`/api/operations/${segment(this.id)}`);
      this.failed.value = null;
      this.executions = new Map(operation.executions.map(e => [e.id, e]));
      this.operation.value = operation;
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) this.missing.value = true;
      else this.failed.value = sentence(cause);
    }
  }

  private heard(name: string, data: unknown): void {
    if (name === "execution.output") this.output(data as Output);
    else if (name === "execution.started") this.change((data as Started).execution, data as Started, { status: "running", started_at: (data as Started).at });
    else if (name === "execution.finished") this.finished(data as Finished);
    else if (name === "operation.started") this.head({ status: "running", started_at: (data as { at: string }).at });
    else if (name === "operation.finished") { this.ended(data as Ended); this.end(); }
    this.redraw();
  }

  private output(o: Output): void {
    if (o.base64) this.lines.bytes(o.execution, o.target, o.stream, Uint8Array.from(atob(o.base64), c => c.charCodeAt(0)));
    else this.lines.text(o.execution, o.target, o.stream, o.data);
  }

  private finished(f: Finished): void {
    this.lines.finish(f.execution, f.target);
    this.change(f.execution, f, { status: f.status, ended_at: f.at, exit_code: f.exit_code, signal: f.signal, reason: f.reason, error: f.error, duration_ms: f.duration_ms });
  }

  /** The record may be ahead of events that are replayed: what is over stays over. */
  private change(id: string, event: Started, now: Partial<Execution>): void {
    const before = this.executions.get(id) ?? {
      id, index: event.index, target: event.target, script: event.script, arguments: [], sha256: null, status: "queued", started_at: null, ended_at: null,
      duration_ms: null, exit_code: null, signal: null, output_bytes: 0, is_truncated: false, reason: null, error: null,
    };
    if (isOver(before.status) && now.status === "running") return;
    this.executions.set(id, { ...before, ...now });
  }

  private head(now: Partial<Operation>): void {
    const before = this.operation.peek();
    if (!before || isOver(before.status)) return;
    this.operation.value = { ...before, ...now };
  }

  private ended(e: Ended): void {
    this.head({ status: e.status, reason: e.reason, ended_at: e.at, counts: e.counts });
    // Sizes and checksums are in the record only.
    void this.fetch();
  }

  private redraw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const before = this.operation.peek();
      if (before) {
        const executions = [...this.executions.values()].sort((a, b) => a.index - b.index);
        const counts: Counts = {};
        for (const e of executions) counts[e.status] = (counts[e.status] ?? 0) + 1;
        this.operation.value = { ...before, executions, counts };
        if (!isOver(before.status)) { const { executions: _, ...summary } = this.operation.peek()!; patchOperations([summary]); }
      }
      this.revision.value++;
    });
  }
}
