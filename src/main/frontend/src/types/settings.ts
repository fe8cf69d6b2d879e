import type { GitStatus, Role, Sync } from "../types";

/** What the API says of LinkOps itself: users, tokens, secrets, channels, the audit, the configuration. */

export interface Scope { targets: string[]; scripts: string[] }

export interface User {
  username: string;
  role: Role;
  is_disabled: boolean;
  created_at: string;
  last_login_at: string | null;
  scope: Scope | null;
  is_from_provider: boolean;
  locked_until: string | null;
}

export interface ApiToken {
  id: string;
  name: string;
  username: string;
  role: Role;
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
  scope: Scope | null;
}

export interface Secret { name: string; created_at: string; created_by: string; updated_at: string; updated_by: string }
export interface Vault { secrets: Secret[]; master_key: string; master_key_configured: boolean }

export const events = [
  "operation.finished", "operation.success", "operation.partial", "operation.failed", "operation.stopped", "operation.interrupted",
  "link.offline", "link.online", "git.failed", "git.recovered",
] as const;
export interface ChannelWish {
  name: string;
  kind: "webhook" | "mail";
  url?: string;
  secret?: string;
  to?: string[];
  events: string[];
  kinds: string[];
  links: string[];
  enabled: boolean;
}
export interface Channel extends Required<Omit<ChannelWish, "url" | "secret">> {
  id: string;
  url: string | null;
  created_at: string;
  created_by: string;
  failing_since: string | null;
  last_error: string | null;
  last_delivered_at: string | null;
  waiting: number;
}
export interface ChannelTest { delivery: string; delivered: boolean; status: number | null; error: string | null; duration_ms: number }
export interface Delivery {
  id: string;
  channel: string;
  event: string;
  text: string;
  status: "collecting" | "waiting" | "delivered" | "failed";
  attempts: number;
  created_at: string;
  next_at: string | null;
  last_status: number | null;
  last_error: string | null;
  ended_at: string | null;
}

export interface AuditRow {
  sequence: number;
  at: string;
  user: string;
  token_id: string;
  auth: string;
  address: string;
  action: string;
  kind: string;
  resource: string;
  details: Record<string, string>;
  result: string;
  request_id: string;
  seal: string;
}
export interface AuditPage { rows: AuditRow[]; next: number | null; head: string }

export interface Retention {
  swept_at: string | null;
  problem: string | null;
  operations: number;
  output_bytes: number;
  terminal_sessions: number;
  audit_rows: number;
  file_bytes: number;
  free_bytes: number;
  reclaimed_bytes: number;
  is_reclaimable: boolean;
}

export interface Setting { key: string; value: string | null; is_default: boolean; is_secret: boolean; description: string }
export interface Version { name: string; version: string; java: string; commit: string | null }

export interface FieldChange { field: string; before: string | null; after: string | null }
export interface GitDiff {
  before: string | null;
  after: string;
  is_rewritten: boolean;
  links: { id: string; change: "added" | "changed" | "removed"; fields: FieldChange[] }[];
  more_links: number;
  scripts: { id: string; change: "added" | "changed" | "removed"; sha256_before: string | null; sha256_after: string | null; fields: FieldChange[] }[];
  more_scripts: number;
  commits: { commit: string; author: string; subject: string }[];
  more_commits: number;
  files: string[];
  more_files: number;
}
export interface FullSync extends Sync { held_commit: string | null; approved_by: string | null; is_rewritten: boolean }
export interface Held {
  commit: string;
  base: string;
  sync_id: number;
  message: string;
  time: string;
  reasons: { rule: string; link: string | null; text: string }[];
  held_at: string;
  rejected_by: string | null;
  rejected_at: string | null;
}
export interface GitState extends GitStatus {
  held: Held | null;
  writable: boolean;
  webhook: { configured: boolean; started: number; ignored: number; refused: number; last_refused_at: string | null };
}
