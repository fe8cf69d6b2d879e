import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, sentence } from "../api";
import { LinkSheet, readonlyWhy, RemoveSheet } from "../links/edit";
import { EnrollSheet } from "../links/enroll";
import { Health } from "../links/health";
import { useLink, verifyOne } from "../links/one";
import { About, Connection, Enrollment, HostKey, SshConfig } from "../links/sections";
import { yaml } from "../links/text";
import { AsOf, Awaited } from "../live/waiting";
import { linksReady, operations } from "../live/fleet";
import { adjust, query } from "../router";
import { newRun } from "../run";
import { denied } from "../session";
import "../style/fleet.css";
import { TerminalButton } from "../terminal/open";
import type { Link, Summary } from "../types";
import { isOver, what } from "../types";
import type { Check, OperationPage, Session, TablePage } from "../types/fleet";
import { Ago, Button, Copy, count, Empty, Icon, Panel, Skeleton, StatusMark, Took, Trouble } from "../ui/basic";
import { Menu } from "../ui/menu";

const tabs = [["overview", "Overview"], ["health", "Health"], ["runs", "Runs"], ["sessions", "Sessions"], ["yaml", "YAML"]] as const;
const PAGE = 30;

function Runs({ id }: { id: string }) {
  const rows = useSignal<readonly Summary[] | null>(null), next = useSignal<string | null>(null), failed = useSignal<string | null>(null), busy = useSignal(false);
  const more = async (before: string | null, left?: AbortSignal) => {
    busy.value = true;
    try {
      const page = await api<OperationPage>(`/api/operations?target=${encodeURIComponent(id)}&limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ""}`, left ? { signal: left } : {});
      rows.value = [...(before ? rows.peek() ?? [] : []), ...page.operations];
      next.value = page.next;
      failed.value = null;
    } catch (cause) {
      if (!left?.aborted) failed.value = sentence(cause);
    }
    busy.value = false;
  };
  // Something ended or began: it may have been here.
  const pulse = [...operations.value.values()].filter(o => !isOver(o.status)).length;
  useEffect(() => { const left = new AbortController(); void more(null, left.signal); return () => left.abort(); }, [id, pulse]);
  return <Panel title="Runs on it" id="runs">
    {failed.value && <Trouble text={failed.value}><Button onClick={() => void more(null)}>Try again</Button></Trouble>}
    {rows.value === null ? !failed.value && <Skeleton rows={8} label="Loading the runs" /> : rows.value.length ? <ul class="rows">{rows.value.map(row => {
      const o = operations.value.get(row.id) ?? row;
      return <li key={o.id}><a href={`/operations/${encodeURIComponent(o.id)}`}><StatusMark state={o.status} /><span class="grow"><strong>{what(o)}</strong><small>{o.targets === 1 ? "only here" : `on ${count(o.targets)} links`} · {o.started_by}{o.reason && ` · ${o.reason}`}</small></span><Took from={o.started_at} to={o.ended_at} ms={o.duration_ms} /><span class="dim when"><Ago at={o.queued_at} /></span></a></li>;
    })}</ul> : <Empty title="Nothing has run here yet">Runs and verifications that had this link among their targets are kept here.</Empty>}
    {next.value && <footer class="table-foot"><span class="dim">Newest first</span><Button icon="down" busy={busy.value} onClick={() => void more(next.peek())}>Older</Button></footer>}
  </Panel>;
}

function Sessions({ id }: { id: string }) {
  const why = denied("admin", "Seeing who opened a shell");
  const rows = useSignal<readonly Session[] | null>(null), next = useSignal<string | null>(null), failed = useSignal<string | null>(null), busy = useSignal(false);
  const more = async (cursor: string | null) => {
    busy.value = true;
    try {
      const page = await api<TablePage<Session>>("/api/tables/query", { method: "POST", body: { table: "tbl_terminal_sessions", filters: [{ col: "link", op: "eq", val: id }], page: { size: PAGE, ...(cursor ? { cursor } : {}) } } });
      rows.value = [...(cursor ? rows.peek() ?? [] : []), ...page.rows];
      next.value = page.page.next_cursor;
      failed.value = null;
    } catch (cause) { failed.value = sentence(cause); }
    busy.value = false;
  };
  useEffect(() => { if (!why) void more(null); }, [id]);
  if (why) return <Panel title="Terminal sessions"><Empty title="Not for your role" action={denied("operator", "") ? undefined : <a class="button" href="/terminal?view=recordings">Recordings</a>}>{why} What was recorded of your own shells is under Terminal.</Empty></Panel>;
  return <Panel title="Terminal sessions">
    {failed.value && <Trouble text={failed.value}><Button onClick={() => void more(null)}>Try again</Button></Trouble>}
    {rows.value === null ? !failed.value && <Skeleton rows={6} label="Loading the sessions" /> : rows.value.length ? <ul class="rows still">{rows.value.map(s => <li key={s.id}><StatusMark state={s.closed_at ? "success" : "running"} bare /><span class="grow"><strong>{s.username}</strong><small>from {s.remote_address} · {s.closed_at ? (s.end_reason ?? "ended").replaceAll("_", " ") : "open now"}{s.exit_code !== null && `, exit code ${s.exit_code}`}</small></span><Took from={s.opened_at} to={s.closed_at} ms={null} /><span class="dim when"><Ago at={s.opened_at} /></span>
      {s.recording ? <a class="button" href={`/terminal/recordings/${encodeURIComponent(s.id)}`}><Icon name="play" />Replay</a> : <span class="dim">not recorded</span>}</li>)}</ul> : <Empty title="No shell was opened here yet">Whoever opens a terminal on this link is listed here.</Empty>}
    {next.value && <footer class="table-foot"><span class="dim">Newest first</span><Button icon="down" busy={busy.value} onClick={() => void more(next.peek())}>Older</Button></footer>}
  </Panel>;
}

function Yaml({ link, edit }: { link: Link; edit: () => void }) {
  const text = yaml(link);
  return <Panel title="Its piece of links.yaml" id="yaml" aside={<span class="end together"><Copy text={text} label="Copy the YAML" /><Button icon="pencil" why={link.retired ? `${link.id} is retired.` : readonlyWhy()} onClick={edit}>Edit…</Button></span>}>
    <p class="hint">As LinkOps has read it; comments and their place in the file stay in Git when it is edited here.</p>
    <div class="source" tabIndex={0} role="region" aria-label="YAML"><pre>{text.trimEnd().split("\n").map((line, i) => <span key={i} class="code-line"><b>{i + 1}</b>{line}{"\n"}</span>)}</pre></div>
  </Panel>;
}

export default function LinkPage({ id }: { id: string }) {
  const { link, failed } = useLink(id);
  const busy = useSignal(false), asking = useSignal<"enroll" | "edit" | "remove" | null>(null), last = useSignal<Check | null>(null);
  const tab = tabs.find(([key]) => key === query.value.get("tab"))?.[0] ?? "overview";
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || (event.target as HTMLElement).matches?.("input, select, textarea")) return;
      if (event.key === "v" && !denied("operator", "")) void verifyOne(id, busy);
      else if (event.key === "r" && !denied("operator", "")) newRun({ picked: [id] });
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed, true);
    return () => removeEventListener("keydown", pressed, true);
  }, [id]);
  const crumbs = <nav class="crumbs" aria-label="Breadcrumb"><a href="/links">Links</a><Icon name="right" size={12} /><span>{id}</span><Copy text={id} label="Copy the name" /></nav>;
  if (!link) return <main id="page">{crumbs}<h1 class="unseen" tabIndex={-1}>{id}</h1>{failed === null || !linksReady.value ? <Awaited rows={12} label="Loading the link" /> : failed ? <Trouble text={failed}><Button onClick={() => location.reload()}>Try again</Button></Trouble> : <Empty title="There is no such link" action={<a class="button" href="/links">All links</a>}>Neither the inventory nor its history knows {id}.</Empty>}</main>;
  const retired = link.retired ? `${id} is retired: it is no longer in links.yaml.` : null;
  const move = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    event.preventDefault();
    const to = tabs[(tabs.findIndex(([key]) => key === tab) + by + tabs.length) % tabs.length]![0];
    adjust({ tab: to === "overview" ? null : to, range: null });
    document.getElementById(`tab-${to}`)?.focus();
  };
  return <main id="page" class="scrolls link-page">
    {crumbs}
    <div class="title run-title"><h1 tabIndex={-1}>{id}</h1><StatusMark state={retired ? "retired" : link.health.status} /><StatusMark state={link.enrollment.status} />{link.health.maintenance && <span class="tag">in maintenance</span>}<AsOf /><span class="spring" />
      <Button kind="primary" icon="play" why={retired ?? denied("operator", "Running scripts")} onClick={() => newRun({ picked: [id] })}>Run script…</Button>
      <Button icon="verify" busy={busy.value} why={retired ?? denied("operator", "Verifying")} onClick={() => void verifyOne(id, busy)}>{busy.value ? "Verifying…" : "Verify"}</Button>
      <TerminalButton ids={[id]} why={retired} />
      <Menu label={`More actions for ${id}`} class="button only" face={<Icon name="more" />} items={[
        { text: "Enroll over SSH…", icon: "fingerprint", why: retired ?? denied("admin", "Enrolling"), act: () => { asking.value = "enroll"; } },
        { text: "Edit…", icon: "pencil", why: retired ?? readonlyWhy(), act: () => { asking.value = "edit"; } },
        { text: "Remove…", icon: "remove", why: retired ?? readonlyWhy(), act: () => { asking.value = "remove"; } },
      ]} /></div>
    <div class="page-tabs" role="tablist" aria-label="About the link" onKeyDown={move}>{tabs.map(([key, text]) => <button key={key} id={`tab-${key}`} type="button" role="tab" aria-selected={key === tab} aria-controls="tab-panel" tabIndex={key === tab ? 0 : -1} onClick={() => adjust({ tab: key === "overview" ? null : key, range: null })}>{text}</button>)}</div>
    <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} class="tab-panel">
      {retired && <p class="hint">{retired} Its history is kept.</p>}
      {tab === "overview" && <div class="columns even"><div class="panel blocks"><Enrollment link={link} onEnroll={() => { asking.value = "enroll"; }} /><HostKey link={link} /></div><div class="panel blocks"><About link={link} /><Connection link={link} /><SshConfig link={link} /></div></div>}
      {tab === "health" && <Health link={link} last={last} />}
      {tab === "runs" && <Runs id={id} />}
      {tab === "sessions" && <Sessions id={id} />}
      {tab === "yaml" && <Yaml link={link} edit={() => { asking.value = "edit"; }} />}
    </div>
    {asking.value === "enroll" && <EnrollSheet link={link} onClose={() => { asking.value = null; }} />}
    {asking.value === "edit" && <LinkSheet link={link} onClose={() => { asking.value = null; }} />}
    {asking.value === "remove" && <RemoveSheet link={link} onClose={() => { asking.value = null; }} />}
  </main>;
}
