/** What the HTTP API says, as it says it. */

export type Role = "viewer" | "operator" | "admin";
export interface Me { username: string; role: Role; expires_at: string | null; is_api_token: boolean; scopes: { targets: string[]; scripts: string[] }[] }

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

import type { ExecutionStatus, OperationStatus } from "./types/operations";
export type { Counts, Execution, ExecutionStatus, Operation, OperationStatus, Script, ScriptSource, Summary } from "./types/operations";

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
