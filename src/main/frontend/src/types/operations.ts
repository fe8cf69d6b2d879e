/** What the API says of scripts, operations and schedules, as it says it. */

export interface Parameter {
  name: string;
  type: "bool" | "int" | "enum" | "text" | "secret";
  description: string;
  flag: string | null;
  env: string | null;
  min: number | null;
  max: number | null;
  values: string[];
  /** RE2, for the whole of a text. */
  pattern: string | null;
  max_length: number;
  default: string | null;
  required: boolean;
}
export interface Script {
  id: string;
  name: string;
  description: string;
  path: string;
  timeout_ms: number | null;
  flags: string[];
  tags: string[];
  estimate_ms: number | null;
  durable: "auto" | "always" | "never";
  parameters: Parameter[];
  needs: string[];
}
export interface ScriptSource extends Script { commit: string; sha256: string; source: string }

export type OperationStatus = "queued" | "running" | "success" | "failed" | "partial" | "stopped" | "interrupted";
export type ExecutionStatus =
  "queued" | "running" | "success" | "failed" | "timeout" | "stopped" | "skipped" | "interrupted" | "lost";
export type Counts = Partial<Record<ExecutionStatus, number>>;
export type OperationKind = "script" | "verify" | "preflight";

/** In which portions the targets come, as it is asked for. */
export interface Batches {
  size?: number | null;
  percent?: number | null;
  pause_s?: number | null;
  max_failures?: number | null;
  max_failure_percent?: number | null;
  canary?: number | null;
  pause_after_canary?: boolean | null;
}
export interface BatchProgress extends Batches { current: number; of: number }
export interface Pause { reason: "by_hand" | "canary" | "between_batches"; until: string | null; by: string | null }

export interface Summary {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  scripts: string[];
  selectors: string[];
  targets: number;
  concurrency: number;
  commit: string | null;
  started_by: string;
  queued_at: string;
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  counts: Counts;
  reason: string | null;
  batch: BatchProgress | null;
  pause: Pause | null;
  retry_of: string | null;
}

export interface Execution {
  id: string;
  index: number;
  target: string;
  script: string | null;
  arguments: string[];
  sha256: string | null;
  status: ExecutionStatus;
  started_at: string | null;
  ended_at: string | null;
  duration_ms: number | null;
  exit_code: number | null;
  signal: string | null;
  output_bytes: number;
  is_truncated: boolean;
  reason: string | null;
  error: string | null;
  stdout_sha256: string | null;
  stderr_sha256: string | null;
  durability: "systemd" | "session" | "none" | null;
}
/** What a script is run with, the same on each target. */
export interface ScriptInput {
  script: string;
  path: string;
  sha256: string;
  arguments: string[];
  timeout_ms: number;
  environment: Record<string, string>;
  /** Names of secrets by the variable that gets the value. */
  secrets: Record<string, string>;
  parameters: Record<string, string>;
}
export interface Operation extends Summary { retries: string[]; inputs: ScriptInput[]; executions: Execution[] }

export interface Group { status: ExecutionStatus; exit_code: number | null; stdout_sha256: string | null; stderr_sha256: string | null; count: number; targets: string[]; sample: string }

export interface DryRunTarget { target: string; route: string[]; batch: number; reason: string | null; error: string | null }
export interface DryRun {
  would_run: boolean;
  commit: string | null;
  concurrency: number;
  on_failure: "stop" | "continue";
  scripts: ScriptInput[];
  batches: number[];
  targets: DryRunTarget[];
}

export interface Firing { due_at: string; outcome: "starting" | "started" | "refused" | "missed"; times: number; operation_id: string | null; reason: string | null; decided_at: string }
export interface ScheduledWork {
  cron: string;
  timezone: string;
  description: string | null;
  scripts: string[];
  flags: Record<string, string[]>;
  targets: string[];
  concurrency: number | null;
  on_failure: "stop" | "continue";
  overlap: boolean;
}
export interface Schedule extends ScheduledWork {
  id: string;
  source: "git" | "api";
  enabled: boolean;
  switched_by: string | null;
  created_by: string | null;
  next_at: string | null;
  last: Firing | null;
}
