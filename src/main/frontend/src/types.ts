/** What the HTTP API says, as it says it. */

export type Role = "viewer" | "operator" | "admin";
export interface Me { username: string; role: Role; expires_at: string | null; is_api_token: boolean }

export type LinkStatus = "online" | "offline" | "unknown";
export type EnrollmentStatus = "enrolled" | "refused" | "unverified";

export interface Enrollment {
  status: EnrollmentStatus;
  client_id: string;
  path: string;
  client_id_found: boolean;
  client_id_matches: boolean;
  reason: string | null;
  error: string | null;
  verified_at: string | null;
}

export interface Link {
  id: string;
  type: string;
  provider: string | null;
  host: string;
  port: number;
  user: string;
  tags: string[];
  metadata: Record<string, string>;
  retired: boolean;
  enrollment: Enrollment;
  ssh: { key_ref: string | null; proxy_jump: string | null; pinned_host_key: string | null };
  host_key: { trusted: string[]; offered: string | null };
  health: {
    status: LinkStatus; latency_ms: number | null; latency: "ok" | "slow" | "critical" | null; last_seen: string | null; since: string | null; checked_at: string | null;
    /** Where the last check failed, at which link (this one or a jump host), why, and what to do. */
    stage: string | null; hop: string | null; reason: string | null; error: string | null; maintenance: boolean;
  };
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
}
export interface ScriptSource extends Script { commit: string; sha256: string; source: string }

export type OperationStatus = "queued" | "running" | "success" | "failed" | "partial" | "stopped" | "interrupted";
export type ExecutionStatus =
  "queued" | "running" | "success" | "failed" | "timeout" | "stopped" | "skipped" | "interrupted" | "lost";
export type Counts = Partial<Record<ExecutionStatus, number>>;

export interface Summary {
  id: string;
  kind: "script" | "verify";
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
}
export interface Operation extends Summary { executions: Execution[] }

export interface Sync {
  id: number;
  started_by: string;
  started_at: string;
  ended_at: string;
  duration_ms: number;
  success: boolean;
  changed: boolean;
  commit: string | null;
  diff: { added: string[]; changed: string[]; retired: string[] } | null;
  warnings: string[];
  error: string | null;
  error_code: string | null;
}
export interface GitStatus {
  url: string | null;
  branch: string;
  commit: string | null;
  commit_message: string | null;
  commit_time: string | null;
  syncing: boolean;
  last_sync: Sync | null;
}

export interface NotEnrolled { target: string; reason: string; error: string }

export const isOver = (status: OperationStatus | ExecutionStatus) => status !== "queued" && status !== "running";
/** An operation in a word or a few. */
export const what = (o: { kind: string; scripts: readonly string[] }) => o.kind === "verify" ? "Verify" : o.kind === "preflight" ? `Preflight: ${o.scripts.join(", ")}` : o.scripts.join(", ");
