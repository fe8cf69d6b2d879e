import { batch, signal } from "@preact/signals";
import { api, ApiError, segment, sentence } from "../api";
import { attend, patchOperations } from "../live/fleet";
import type { StreamState } from "../live/stream";
import type { Counts, Execution, ExecutionStatus, Operation, OperationStatus } from "../types";
import { isOver } from "../types";
import type { Pause } from "../types/operations";
import { Lines } from "./lines";

const NAMES: ReadonlySet<string> = new Set(["operation.started", "batch.started", "operation.paused", "operation.resumed", "execution.started", "execution.output", "execution.attached", "execution.detached", "execution.finished", "operation.finished"]);
/** An operation of more executions than this is drawn a few times a second instead of once a frame. */
const MANY = 1_000;
const SELDOM_MS = 250;

interface Started { execution: string; index: number; target: string; script: string | null; at: string }
interface Output { execution: string; target: string; stream: string; data: string; base64?: string }
interface Finished extends Started { status: ExecutionStatus; exit_code: number | null; signal: string | null; reason: string | null; error: string | null; duration_ms: number | null }
interface Ended { status: OperationStatus; counts: Counts; reason: string | null; at: string }
/** A durable execution's connection: gone and why, or made again. */
export interface Tie { held: boolean; again: boolean; error: string | null; at: string }

/** One operation as it runs: its record, kept current by its events, and its output. */
export class Run {
  readonly operation = signal<Operation | null>(null);
  readonly failed = signal<string | null>(null);
  readonly missing = signal(false);
  readonly stream = signal<StreamState>("connecting");
  readonly lines = new Lines();
  /** Counts up, once a frame, whenever lines came. */
  readonly revision = signal(0);
  /** How durable executions are connected, by id. */
  readonly ties = signal<ReadonlyMap<string, Tie>>(new Map());
  private executions: Execution[] = [];
  private places = new Map<string, number>();
  private known = new Map<string, Tie>();
  private changed = false;
  private frame = 0;
  private timer = 0;
  private leave: () => void = () => {};

  constructor(private readonly id: string) {}

  /** Begins to follow; the answer ends it. */
  follow(): () => void {
    let left = false;
    const topic = { id: this.id, names: NAMES, event: (name: string, data: string) => this.heard(name, JSON.parse(data)), state: (state: StreamState) => { this.stream.value = state; } };
    void this.fetch().then(() => { if (!left && this.operation.peek()) this.leave = attend(topic); });
    return () => { left = true; this.leave(); cancelAnimationFrame(this.frame); clearTimeout(this.timer); };
  }

  async fetch(): Promise<void> {
    try {
      const operation = await api<Operation>(`/api/operations/${segment(this.id)}`);
      this.failed.value = null;
      this.executions = [...operation.executions].sort((a, b) => a.index - b.index);
      this.places = new Map(this.executions.map((e, i) => [e.id, i]));
      this.operation.value = { ...operation, executions: this.executions };
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) this.missing.value = true;
      else this.failed.value = sentence(cause);
    }
  }

  private heard(name: string, data: any): void {
    if (name === "execution.output") this.output(data as Output);
    else if (name === "execution.started") this.change(data as Started, { status: "running", started_at: (data as Started).at });
    else if (name === "execution.finished") this.finished(data as Finished);
    else if (name === "execution.attached" || name === "execution.detached") this.tied(name === "execution.attached", data);
    else if (name === "operation.started") this.head({ status: "running", started_at: data.at as string });
    else if (name === "batch.started") { const b = this.operation.peek()?.batch; if (b) this.head({ batch: { ...b, current: data.batch as number, of: data.of as number } }); }
    else if (name === "operation.paused") this.head({ pause: data as Pause });
    else if (name === "operation.resumed") this.head({ pause: null });
    else if (name === "operation.finished") this.ended(data as Ended);
    this.redraw();
  }

  private output(o: Output): void {
    if (o.base64) this.lines.bytes(o.execution, o.target, o.stream, Uint8Array.from(atob(o.base64), c => c.charCodeAt(0)));
    else this.lines.text(o.execution, o.target, o.stream, o.data);
  }

  private finished(f: Finished): void {
    this.lines.finish(f.execution, f.target);
    this.change(f, { status: f.status, ended_at: f.at, exit_code: f.exit_code, signal: f.signal, reason: f.reason, error: f.error, duration_ms: f.duration_ms });
  }

  private tied(held: boolean, data: { execution: string; durability?: Execution["durability"]; error?: string; at: string }): void {
    const before = this.known.get(data.execution);
    this.known.set(data.execution, { held, again: before !== undefined && (before.again || !before.held), error: data.error ?? null, at: data.at });
    const at = this.places.get(data.execution);
    if (at !== undefined && data.durability) this.executions[at] = { ...this.executions[at]!, durability: data.durability };
    this.changed = true;
  }

  /** The record may be ahead of events that are replayed: what is over stays over. */
  private change(event: Started, now: Partial<Execution>): void {
    let at = this.places.get(event.execution);
    if (at === undefined) {
      at = this.executions.push({
        id: event.execution, index: event.index, target: event.target, script: event.script, arguments: [], sha256: null, status: "queued", started_at: null, ended_at: null,
        duration_ms: null, exit_code: null, signal: null, output_bytes: 0, is_truncated: false, reason: null, error: null, stdout_sha256: null, stderr_sha256: null, durability: null,
      }) - 1;
      this.places.set(event.execution, at);
    }
    const before = this.executions[at]!;
    if (isOver(before.status) && now.status === "running") return;
    this.executions[at] = { ...before, ...now };
    this.changed = true;
  }

  private head(now: Partial<Operation>): void {
    const before = this.operation.peek();
    if (!before || isOver(before.status)) return;
    this.operation.value = { ...before, ...now };
    this.changed = true;
  }

  private ended(e: Ended): void {
    this.head({ status: e.status, reason: e.reason, ended_at: e.at, counts: e.counts, pause: null });
    // Sizes and checksums are in the record only.
    void this.fetch();
  }

  private redraw(): void {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      batch(() => {
        this.revision.value++;
        if (!this.changed || this.timer) return;
        this.publish();
        if (this.executions.length > MANY) this.timer = window.setTimeout(() => { this.timer = 0; if (this.changed) batch(() => this.publish()); }, SELDOM_MS);
      });
    });
  }

  /** Hands on what has become of the executions. Output alone changes nothing here. */
  private publish(): void {
    this.changed = false;
    const before = this.operation.peek();
    if (!before) return;
    const counts: Counts = {};
    for (const e of this.executions) counts[e.status] = (counts[e.status] ?? 0) + 1;
    this.ties.value = new Map(this.known);
    this.operation.value = { ...before, executions: this.executions.slice(), counts };
    if (!isOver(before.status)) { const { executions: _, retries: __, inputs: ___, ...summary } = this.operation.peek()!; patchOperations([summary]); }
  }
}
