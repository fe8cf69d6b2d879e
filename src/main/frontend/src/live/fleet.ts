import { batch, computed, signal } from "@preact/signals";
import { api, post, segment, sentence } from "../api";
import type { GitStatus, Link, Script, Summary, Sync } from "../types";
import { isOver } from "../types";
import { browser, whileVisible } from "./browser";
import { EventStream, type StreamState } from "./stream";

/** What the browser knows of the fleet: fetched once, then patched by `/api/events`. */
export const links = signal<readonly Link[]>([]);
export const linksReady = signal(false);
export const scripts = signal<readonly Script[]>([]);
export const scriptsCommit = signal<string | null>(null);
export const scriptsReady = signal(false);
export const git = signal<GitStatus | null>(null);
export const operations = signal<ReadonlyMap<string, Summary>>(new Map());
/** Whether the operations were fetched once. */
export const operationsReady = signal(false);
export const connection = signal<StreamState>("connecting");
/** When the page last heard from the server: what is on it is as of then. */
export const heardAt = signal(Date.now());
export const troubled = signal<string | null>(null);

export const active = computed(() => [...operations.value.values()].filter(o => !isOver(o.status)).sort(newest));
export const newest = (a: Summary, b: Summary) => b.queued_at.localeCompare(a.queued_at) || b.id.localeCompare(a.id);
export const linkById = computed(() => new Map(links.value.map(link => [link.id, link])));

const KEPT_OPERATIONS = 500;
let known = new Map<string, Link>();
let patches = new Map<string, Link>();
let fetching = 0;
let scheduled = false;

/** Redraws at most once per frame, however many links changed in it. */
function publish(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => { scheduled = false; links.value = [...known.values()]; });
}

export function patchLink(link: Link): void {
  if (fetching > 0) patches.set(link.id, link);
  if (link.retired) known.delete(link.id);
  else known.set(link.id, link);
  publish();
}

export function patchOperations(changed: readonly Summary[]): void {
  const next = new Map(operations.peek());
  for (const summary of changed) next.set(summary.id, summary);
  if (next.size > KEPT_OPERATIONS) {
    for (const old of [...next.values()].sort(newest).slice(KEPT_OPERATIONS)) next.delete(old.id);
  }
  operations.value = next;
}

async function fetchLinks(): Promise<void> {
  fetching++;
  try {
    const answer = await api<{ links: Link[] }>("/api/links");
    known = new Map(answer.links.map(link => [link.id, link]));
    // Events that came while the answer was on its way are newer than it.
    for (const [id, link] of patches) if (link.retired) known.delete(id); else known.set(id, link);
  } finally {
    if (--fetching === 0) patches = new Map();
  }
  batch(() => { links.value = [...known.values()]; linksReady.value = true; });
}

async function fetchScripts(): Promise<void> {
  const answer = await api<{ commit: string | null; scripts: Script[] }>("/api/scripts");
  batch(() => { scripts.value = answer.scripts; scriptsCommit.value = answer.commit; scriptsReady.value = true; });
}

/** Operations of which an event told while they were being fetched: the event is newer than the answer. */
let toldMeanwhile: Set<string> | null = null;

async function fetchOperations(): Promise<void> {
  const told = toldMeanwhile = new Set<string>();
  const [recent, running, queued] = await Promise.all(["?limit=50", "?status=running&limit=200", "?status=queued&limit=200"]
    .map(rest => api<{ operations: Summary[] }>(`/api/operations${rest}`)));
  const now = new Set([...running!.operations, ...queued!.operations].map(o => o.id));
  // What was running when the connection was lost and is not any more has ended meanwhile.
  const ended = [...operations.peek().values()].filter(o => !isOver(o.status) && !now.has(o.id));
  const seen = new Set(recent!.operations.map(o => o.id));
  const looked = await Promise.all(ended.filter(o => !seen.has(o.id)).slice(0, 50).map(o => api<Summary>(`/api/operations/${o.id}`)));
  operationsReady.value = true;
  patchOperations([...looked, ...running!.operations, ...queued!.operations, ...recent!.operations].filter(o => !told.has(o.id)));
}

let gitTold = 0;

async function fetchGit(): Promise<void> {
  const before = gitTold;
  const status = await api<GitStatus>("/api/git/status");
  if (gitTold === before) git.value = status;
}

export async function refetch(): Promise<void> {
  const results = await Promise.allSettled([fetchLinks(), fetchScripts(), fetchOperations(), fetchGit()]);
  const failed = results.find(r => r.status === "rejected");
  troubled.value = failed ? sentence(failed.reason) : null;
  heardAt.value = Date.now();
}

const quietly = (work: Promise<void>) => { work.catch(cause => { troubled.value = sentence(cause); }); };

function heard(name: string, data: string): void {
  heardAt.value = Date.now();
  if (name === "link") patchLink(JSON.parse(data) as Link);
  else if (name === "operation") {
    const summary = JSON.parse(data) as Summary;
    toldMeanwhile?.add(summary.id);
    patchOperations([summary]);
  } else if (name === "git") { gitTold++; git.value = JSON.parse(data) as GitStatus; }
  else if (name === "inventory") { again(); quietly(fetchScripts()); }
}

const INVENTORY_PAUSE = 1000;
let asked = false, pausing = false;

/** In a storm of changes the whole inventory is fetched once in a while, not once for each of them. */
function again(): void {
  asked = true;
  if (pausing) return;
  asked = false;
  pausing = true;
  const over = () => setTimeout(() => { pausing = false; if (asked) again(); }, INVENTORY_PAUSE);
  fetchLinks().catch(cause => { troubled.value = sentence(cause); }).finally(over);
}

/** An operation that a page follows: on the same stream, for a tab has one and no more. */
export interface Attended { id: string; names: ReadonlySet<string>; event(name: string, data: string): void; state(state: StreamState): void }

const FLEET = ["hello", "link", "inventory", "operation", "git"];
/** Longer than the server gathers changes before it tells them. */
const HANDOVER = 750;
let running = false;
let attended: Attended | null = null, served: Attended | null = null;
let current = {};
let leave: () => void = () => {};

/**
 * Opens the tab's stream. One that takes over from another holds the fleet's news back until the other has told its
 * last, so that nothing is missed and the newest word stays.
 */
function open(topic: Attended | null, before: (() => void) | null): () => void {
  const mine = current = {};
  let held: [string, string][] | null = before ? [] : null, first = true, timer = 0;
  const takeOver = () => {
    before?.();
    before = null;
    const told = held ?? [];
    held = null;
    for (const [name, data] of told) heard(name, data);
  };
  const stream = new EventStream(topic ? `/api/operations/${segment(topic.id)}/events?fleet=true` : "/api/events", topic ? [...FLEET, ...topic.names] : FLEET, topic ? topic.names : false, {
    event: (name, data) => { if (topic?.names.has(name)) { heardAt.value = Date.now(); topic.event(name, data); } else if (held) held.push([name, data]); else heard(name, data); },
    state: state => { if (current === mine) { connection.value = state; topic?.state(state); } },
    opened: () => {
      if (first && before) timer = window.setTimeout(takeOver, HANDOVER);
      else { takeOver(); void refetch(); }
      first = false;
    },
  }, browser);
  const end = whileVisible(stream);
  return () => { clearTimeout(timer); before?.(); before = null; end(); };
}

function reopen(): void {
  if (!running || served === attended) return;
  served = attended;
  const before = leave;
  if (connection.peek() === "live") leave = open(attended, before);
  else { before(); leave = open(attended, null); }
}

/** Begins to follow the fleet; the answer ends it. */
export function follow(): () => void {
  running = true;
  served = attended;
  leave = open(attended, null);
  return () => { running = false; leave(); };
}

/** Follows an operation too; the answer ends that. */
export function attend(topic: Attended): () => void {
  attended = topic;
  setTimeout(reopen);
  return () => { if (attended === topic) attended = null; setTimeout(reopen); };
}

export const syncing = signal(false);

/** Syncs now; a failure is thrown with the repository's file and line in its sentence. */
export async function syncNow(): Promise<Sync> {
  syncing.value = true;
  try {
    return await post<Sync>("/api/git/sync");
  } finally {
    syncing.value = false;
    quietly(fetchGit());
  }
}
