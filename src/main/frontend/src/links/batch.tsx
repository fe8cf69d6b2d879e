import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { post, sentence } from "../api";
import type { Check } from "../types/fleet";
import { Button, count, Glyph, many, type Tone } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { enroll } from "./enroll";

export interface Batch { kind: "check" | "enroll"; ids: readonly string[] }
interface Result { id: string; tone: Tone; text: string }

const AT_ONCE = { check: 50, enroll: 1 }, WORKERS = { check: 2, enroll: 4 };
const SHOWN = 300;
const words = { check: { title: "Check health", doing: "Checking", done: "checked" }, enroll: { title: "Enroll", doing: "Enrolling", done: "done" } };

async function one(kind: Batch["kind"], ids: readonly string[]): Promise<Result[]> {
  if (kind === "check") {
    const { checks } = await post<{ checks: Check[] }>("/api/links/check", { targets: ids });
    return checks.map(c => ({ id: c.link, tone: c.result === "online" ? "ok" : c.result === "offline" ? "bad" : "unknown", text: c.result === "online" ? `online${c.latency_ms === null ? "" : `, ${count(c.latency_ms)} ms`}${c.enrollment?.enrolled === false ? "; not enrolled" : ""}` : c.error ?? c.result }));
  }
  return Promise.all(ids.map(async id => {
    const answer = await enroll(id, false);
    return { id, tone: answer.enrolled ? "ok" as const : "bad" as const, text: answer.steps.at(-1)?.message ?? (answer.enrolled ? "enrolled" : "not enrolled") };
  }));
}

/** Does one thing to many links, some at a time, and lists what came of it, the failures first. */
export function BatchSheet({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const { kind, ids } = batch;
  const results = useSignal<readonly Result[]>([]), begun = useSignal(kind === "check"), left = useRef(false);
  const said = words[kind];
  useEffect(() => () => { left.current = true; }, []);
  useEffect(() => {
    if (!begun.value) return;
    const rest = [...ids];
    const work = async () => {
      while (rest.length && !left.current) {
        const mine = rest.splice(0, AT_ONCE[kind]);
        let found: Result[];
        try { found = await one(kind, mine); } catch (cause) { found = mine.map(id => ({ id, tone: "bad", text: sentence(cause) })); }
        results.value = [...results.peek(), ...found];
      }
    };
    for (let i = 0; i < WORKERS[kind]; i++) void work();
  }, [begun.value]);
  const list = results.value, bad = list.filter(r => r.tone !== "ok");
  const over = list.length >= ids.length;
  return <Sheet title={`${said.title}: ${many(ids.length, "link")}`} kind="wide" onClose={onClose} footer={!begun.value ? <><Button onClick={onClose}>Cancel</Button><Button kind="primary" icon="fingerprint" onClick={() => { begun.value = true; }}>Enroll {many(ids.length, "link")}</Button></>
    : <><p class="footer-why">{over ? "" : "Closing ends it after what is under way."}</p><Button kind={over ? "primary" : undefined} onClick={onClose}>{over ? "Done" : "Stop and close"}</Button></>}>
    {!begun.value ? <p>On each of them LinkOps writes the client id that links.yaml says, if none is there yet. An id that is already there is never replaced here.</p> : <>
      <div class="batch-head"><progress max={ids.length} value={list.length} aria-label={said.doing} /><span class="num" role="status">{over ? `${count(list.length)} ${said.done}` : `${said.doing}: ${count(list.length)} of ${count(ids.length)}`}{bad.length > 0 && `, ${count(bad.length)} with trouble`}</span></div>
      {list.length === 0 && <p class="dim">{said.doing}…</p>}
      <ul class="batch-list" tabIndex={0} aria-label="Results">{[...bad, ...list.filter(r => r.tone === "ok")].slice(0, SHOWN).map(r => <li key={r.id}><Glyph tone={r.tone} label={r.tone === "ok" ? "Good" : "Trouble"} /><a href={`/links/${encodeURIComponent(r.id)}`}>{r.id}</a><span class={r.tone === "ok" ? "dim" : undefined}>{r.text}</span></li>)}</ul>
      {list.length > SHOWN && <p class="dim">And {count(list.length - SHOWN)} more without trouble to tell of first.</p>}
    </>}
  </Sheet>;
}
