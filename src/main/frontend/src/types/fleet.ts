import type { GitStatus, Link, LinkStatus, Operation, Summary } from "../types";

/** What the API says of one link's health, maintenance, enrollment and edits. */

export type Act = "dns" | "tcp" | "key_exchange" | "host_key" | "login" | "client_id";
export interface Stage { hop: string; act: Act; took_ms: number; passed: boolean }
export interface Verification { enrolled: boolean; client_id_found: boolean; client_id_matches: boolean; reason: string | null; error: string | null; verified_at: string | null }
export interface Check {
  link: string; result: LinkStatus; status: LinkStatus; at: string; took_ms: number; latency_ms: number | null; kept_connection: boolean;
  stage: Act | null; hop: string | null; reason: string | null; error: string | null; stages: Stage[]; enrollment: Verification | null;
}
export interface Bucket { from: string; to: string; checks: number; failures: number; p50_ms: number | null; p95_ms: number | null; max_ms: number | null }
export interface Change { at: string; from: LinkStatus; to: LinkStatus; hop: string | null; reason: string | null; error: string | null; maintenance: boolean }
export interface LinkHealth { link: string; from: string; to: string; buckets: Bucket[]; changes: Change[] }
export interface MaintenanceWindow { id: string; targets: string[]; links: string[]; from: string; until: string; reason: string; created_by: string; created_at: string; ended_by: string | null }

export type EnrollStage = "connect" | "host_key" | "log_in" | "existing_id" | "write" | "verify";
export interface Enrolling { enrolled: boolean; replaced: string | null; steps: { step: EnrollStage; ok: boolean; message: string }[]; verification: Verification }

export interface LinkEdit {
  id?: string; type: string; provider: string | null; host: string; port: number; user: string; tags: string[];
  enrollment: { client_id: string; path: string | null }; ssh: { key_ref: string | null; proxy_jump: string | null; pinned_host_key: string | null };
  metadata: Record<string, string>; message: string | null; base_commit: string | null;
}
export interface WrittenLink { id: string; commit: string; sync_id: number; link: Link }

export interface Held { commit: string; message: string; held_at: string; rejected_by: string | null; reasons: { rule: string; link: string | null; text: string }[] }
/** The status of the repository with what the overview and the edits need beyond the top bar. */
export interface GitState extends GitStatus { state: "unconfigured" | "never" | "syncing" | "held" | "failed" | "synced"; held: Held | null; writable: boolean }

export interface TablePage<R> { rows: R[]; page: { size: number; next_cursor: string | null }; meta: { as_of: string } }
export interface Happening { id: string; at: string; activity: "operation" | "sync"; result: string; who: string; what: string }
export interface Session { id: string; link: string; username: string; owner: string; remote_address: string; opened_at: string; closed_at: string | null; end_reason: string | null; exit_code: number | null; bytes_in: number; bytes_out: number; recording: string | null }
export interface OperationPage { operations: Summary[]; next: string | null }
export type { Operation };
