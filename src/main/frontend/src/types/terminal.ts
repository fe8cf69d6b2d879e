/** Terminals, as the API and the workspace's socket say them. */

export type Layout = "single" | "grid2x1" | "grid1x3" | "grid2x2";
export type PaneStatus = "empty" | "closed" | "connecting" | "connected";

export interface Pane {
  pane: number;
  link: string | null;
  status: PaneStatus;
  start: number;
  end: number;
  cols: number;
  rows: number;
  session: string | null;
  reason: string | null;
  error: string | null;
  exit_code: number | null;
}

export interface Share { user: string; mode: "watch" | "control" }

export interface Workspace {
  id: string;
  owner: string;
  name: string | null;
  layout: Layout;
  max_panes: number;
  created_at: string;
  typist: string;
  shares: Share[];
  sockets: number;
  panes: Pane[];
  ws: string;
}

/** What is remembered of a workspace that has a name. */
export interface Named { name: string; layout: Layout; links: (string | null)[]; changed_at: string }

export interface Recording {
  id: string;
  workspace: string;
  pane: number;
  link: string;
  username: string;
  owner: string;
  remote_address: string;
  opened_at: string;
  closed_at: string | null;
  duration_ms: number | null;
  reason: string | null;
  exit_code: number | null;
  bytes_in: number;
  bytes_out: number;
  size: number | null;
  cast: string;
}

/** What the socket says in text frames. */
export type Said =
  | { type: "status"; typist: string; you_type: boolean; workspace?: Workspace }
  | { type: "status"; pane: number; gap: { from: number; to: number } }
  | { type: "status"; pane: number; input: "ready" | "taken" }
  | { type: "status" } & Pane
  | { type: "error"; pane: number | null; code: string; message: string };
