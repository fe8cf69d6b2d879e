import "../style/settings.css";
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, sentence } from "../api";
import { AsOf } from "../live/waiting";
import { adjust, query } from "../router";
import { closed, me } from "../session";
import { folded, holds, span } from "../settings/audit";
import { Command, Mark, setting, useSettings } from "../settings/shared";
import type { AuditPage, AuditRow } from "../types/settings";
import { utc } from "../theme";
import { Ago, Button, Code, count, Empty, exact, Fact, Facts, Icon, many, Skeleton, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { DataTable, type Column } from "../ui/table";

const Outcome = ({ result }: { result: string }) => result === "success" ? <Mark tone="ok">Done</Mark> : result === "begun" ? <Mark tone="run">Begun</Mark> : result === "SYNC_HELD" ? <Mark tone="warn">Held</Mark> : <Mark tone="bad"><span title={result}>{result.charAt(0) + result.slice(1).toLowerCase().replaceAll("_", " ")}</span></Mark>;
const short = (row: AuditRow) => Object.entries(row.details).map(([k, v]) => `${k}: ${v}`).join(", ");
const When = ({ at }: { at: string }) => {
  const date = new Date(at), zone = utc.value ? { timeZone: "UTC" } : {};
  const today = date.toLocaleDateString(undefined, zone) === new Date().toLocaleDateString(undefined, zone);
  return <time class="num" dateTime={at} title={exact(at)}>{today ? "" : `${date.toLocaleDateString(undefined, { month: "short", day: "numeric", ...zone })} `}{date.toLocaleTimeString(undefined, { hour12: false, ...zone })}</time>;
};

/** Where the thing that something was done to can be seen. */
function place(row: AuditRow): string | null {
  if (!row.resource) return null;
  const id = encodeURIComponent(row.resource.split("/")[0]!);
  if (row.kind === "operations") return `/operations/${id}`;
  if (row.kind === "links") return `/links/${id}`;
  if (row.kind === "users") return `/settings/users?user=${id}`;
  if (row.kind.startsWith("git")) return "/settings/git";
  if (row.kind.startsWith("notifications")) return "/settings/notifications";
  return null;
}

const columns: Column<AuditRow>[] = [
  { key: "at", title: "When", width: "112px", cell: r => <When at={r.at} /> },
  { key: "user", title: "Who", width: "minmax(84px,.8fr)", cell: r => <span class="name" title={`${r.user} (${r.auth})`}>{r.user || <span class="dim">nobody</span>}</span> },
  { key: "action", title: "Did", width: "minmax(130px,1.5fr)", cell: r => <code title={r.action}>{r.action}</code> },
  { key: "on", title: "To", width: "minmax(90px,1fr)", cell: r => r.resource ? <span title={`${r.kind} ${r.resource}`}>{r.resource}</span> : <span class="dim">{r.kind || "–"}</span> },
  { key: "result", title: "Result", width: "minmax(104px,.8fr)", cell: r => <Outcome result={r.result} /> },
  { key: "from", title: "From", width: "118px", from: 860, cell: r => <code title={`${r.address} by ${r.auth}`}>{r.address || <span class="dim">here</span>}</code> },
  { key: "details", title: "With", width: "minmax(140px,1.7fr)", from: 980, cell: r => <span class="dim" title={short(r)}>{short(r)}</span> },
  { key: "seq", title: "Row", width: "64px", right: true, from: 720, cell: r => <span class="num dim">{r.sequence}</span> },
];
const narrowRow = (r: AuditRow) => <div class="two"><div><code class="name">{r.action}</code><span class="end"><Outcome result={r.result} /></span></div>
  <div class="dim"><span class="clip">{r.user || "nobody"}{r.resource && ` · ${r.resource}`}</span><span class="end"><Ago at={r.at} /></span></div></div>;

function Detail({ row, begun }: { row: AuditRow; begun: number | undefined }) {
  const to = place(row);
  return <aside class="panel side" aria-labelledby="row-title">
    <header><h2 id="row-title">{row.action}</h2><Button kind="ghost" icon="close" label="Close details" onClick={() => adjust({ row: null })} /></header>
    <div class="scroll">
      <div class="summary"><Outcome result={row.result} /></div>
      <section class="block first"><Facts>
        <Fact name="When">{exact(row.at)} <span class="dim">(<Ago at={row.at} />)</span></Fact>
        <Fact name="Who">{row.user ? <a href={`/activity?user=${encodeURIComponent(row.user)}`}>{row.user}</a> : <span class="dim">nobody known</span>}</Fact>
        <Fact name="Proven by">{row.auth.replaceAll("_", " ")}{row.token_id && <span class="dim"> {row.token_id}</span>}</Fact>
        <Fact name="From">{row.address ? <Code text={row.address} label="Copy the address" /> : <span class="dim">LinkOps’ own machine</span>}</Fact>
        <Fact name="To">{row.kind} {to ? <a href={to}>{row.resource}</a> : row.resource}</Fact>
        {begun !== undefined && <Fact name="Begun">recorded before it was done, in row <span class="num">{begun}</span></Fact>}
      </Facts></section>
      {Object.keys(row.details).length > 0 && <section class="block"><h3>With</h3><Facts>{Object.entries(row.details).map(([k, v]) => <Fact key={k} name={k}><span class="pre">{v}</span></Fact>)}</Facts></section>}
      <section class="block"><h3>Proof</h3><Facts>
        <Fact name="Row"><span class="num">{row.sequence}</span></Fact>
        <Fact name="Seal"><Code text={row.seal} label="Copy the seal" /></Fact>
        {row.request_id && <Fact name="Request"><Code text={row.request_id} label="Copy the request’s id" /></Fact>}</Facts></section>
    </div>
  </aside>;
}

const spans: readonly (readonly [string, string])[] = [["", "Any time"], ["1h", "Last hour"], ["24h", "Last 24 hours"], ["7d", "Last 7 days"], ["30d", "Last 30 days"]];
const PAGE = 100;
const LOOK_MS = 5000;

export default function ActivityPage() {
  const why = closed("admin", "Reading the audit");
  if (why) return <main id="page"><div class="title"><h1 tabIndex={-1}>Activity</h1></div>
    <section class="panel grow-panel"><Empty title="The audit is for admins" action={<a class="button" href="/operations">Operations</a>}>{why} What was run, and by whom, is under Operations.</Empty></section></main>;
  return <Audit />;
}

/** A criterion that is compared exactly: it counts once it is chosen, emptied, or typed to its end. */
function Exact({ label, list, placeholder, value, set }: { label: string; list: string; placeholder: string; value: string; set: (value: string) => void }) {
  // What is half typed stays while rows come in.
  const typed = useSignal(value);
  useEffect(() => { typed.value = value; }, [value]);
  const now = () => set(typed.peek().trim());
  return <label class="choice"><input type="text" class="short" aria-label={label} list={list} placeholder={placeholder} value={typed} onChange={now} onKeyDown={event => { if (event.key === "Enter") now(); }}
    onInput={event => { typed.value = (event.target as HTMLInputElement).value; if (!typed.peek() || (event as InputEvent).inputType === "insertReplacementText") now(); }} /></label>;
}

/** What the chain is, where its anchors are, and how to prove it. */
function Proof({ anchor, onClose }: { anchor: string | null; onClose: () => void }) {
  return <Sheet title="The sealed chain" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
    <p>Each row is sealed together with the one before it, by a key that is not in the database: an edited, deleted or inserted row shows. An anchor kept elsewhere proves that the end was not cut off.</p>
    {anchor && <div class="proof"><strong>Newest row when this page asked</strong><Command text={anchor} label="Copy the anchor" /></div>}
    <p class="dim">Anchors are also in <code>audit.head</code> beside the database, and in the log every {setting("audit.anchor_interval_minutes") ?? "hour"}: send the log to another machine.</p>
    <div class="proof"><strong>Prove it on LinkOps’ machine, also while it runs</strong><Command text="linkops audit verify" /></div>
    <div class="proof"><strong>Prove an export</strong><Command text={`linkops audit verify --export linkops-audit.jsonl --key /var/lib/linkops/audit.key${anchor ? ` --anchor ${anchor}` : ""}`} label="Copy the command for an export" /></div>
  </Sheet>;
}

function Audit() {
  const at = query.value;
  const user = at.get("user") ?? "", action = at.get("action") ?? "", result = at.get("result") ?? "", time = at.get("time") ?? "", text = at.get("q") ?? "", open = Number(at.get("row") ?? 0);
  const rows = useSignal<readonly AuditRow[] | null>(null), next = useSignal<number | null>(null), head = useSignal<string | null>(null), newest = useSignal(0);
  const busy = useSignal(false), failed = useSignal<string | null>(null), known = useSignal<ReadonlySet<string>>(new Set());
  const asked = useRef(0);
  useSettings();

  const load = async (before: number | null) => {
    const mine = ++asked.current;
    busy.value = true;
    const wish = new URLSearchParams({ limit: String(PAGE), ...(user && { user }), ...(action && { action }), ...(result && { result }), ...span(time, Date.now()), ...(before ? { before: String(before) } : {}) });
    try {
      const page = await api<AuditPage>(`/api/audit?${wish}`);
      if (mine !== asked.current) return;
      rows.value = before ? [...rows.peek() ?? [], ...page.rows] : page.rows;
      next.value = page.next;
      known.value = new Set([...known.peek(), ...page.rows.map(r => r.action)]);
      failed.value = null;
      if (!before) head.value = page.head;
      // This look is itself recorded: what is newer than it is new.
      newest.value = (await api<{ sequence: number }>("/api/audit/head")).sequence;
    } catch (cause) {
      if (mine === asked.current) failed.value = sentence(cause);
    }
    busy.value = false;
  };
  useEffect(() => { rows.value = null; void load(null); }, [user, action, result, time]);

  const fresh = useSignal(0), proving = useSignal(false);
  useEffect(() => {
    const look = async () => {
      if (document.visibilityState !== "visible" || !newest.peek()) return;
      try { fresh.value = Math.max(0, (await api<{ sequence: number }>("/api/audit/head")).sequence - newest.peek()); } catch { /* the chip says that the connection is lost */ }
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  const renew = () => { fresh.value = 0; void load(null); };

  const shown = useComputed(() => folded(rows.value ?? [])).value;
  const list = shown.rows.filter(r => holds(r, text));
  const chosen = rows.value?.find(r => r.sequence === open);
  const filtered = !!(user || action || result || time || text);
  const custom = time.includes("..");
  const [from = "", to = ""] = custom ? time.split("..") : [];
  const anchor = head.value;
  return <main id="page" class={chosen ? "with-side activity" : "activity"}>
    <div class="title"><h1 tabIndex={-1}>Activity</h1><p>Who did what, from where, with what result<AsOf /></p>
      <a class="button" href="/api/audit/export" download="linkops-audit.jsonl" title="All of it, oldest first, with its proof; one line of JSON for each row"><Icon name="download" />Export JSON lines</a></div>
    <div class="beside">
      <section class="panel table-panel" aria-label="Audit">
        <div class="tools filters">
          <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Search the rows shown" placeholder="Search these rows" value={text} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })} /></div>
          <Exact label="User" list="audit-users" placeholder="Who: anybody" value={user} set={value => adjust({ user: value })} />
          <Exact label="Action" list="audit-actions" placeholder="Did: anything" value={action} set={value => adjust({ action: value })} />
          <Exact label="Result" list="audit-results" placeholder="Result: any" value={result} set={value => adjust({ result: value })} />
          <label class="choice"><select aria-label="Time" value={custom ? ".." : time} onChange={event => { const value = (event.target as HTMLSelectElement).value; adjust({ time: value === ".." ? `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 16)}Z..` : value }); }}>
            {spans.map(([key, words]) => <option key={key} value={key}>{words}</option>)}<option value="..">Between…</option></select></label>
          {custom && <><input class="time" type="datetime-local" aria-label="From" value={local(from)} onChange={event => adjust({ time: `${iso((event.target as HTMLInputElement).value)}..${to}` })} /><input class="time" type="datetime-local" aria-label="To" value={local(to)} onChange={event => adjust({ time: `${from}..${iso((event.target as HTMLInputElement).value)}` })} /></>}
          {filtered && <Button kind="ghost" onClick={() => adjust({ user: null, action: null, result: null, time: null, q: null })}>Clear</Button>}
          <datalist id="audit-actions">{[...known.value].sort().map(a => <option key={a} value={a} />)}</datalist>
          <datalist id="audit-users">{[...new Set((rows.value ?? []).map(r => r.user).concat(me.value?.username ?? [], "system"))].filter(Boolean).sort().map(u => <option key={u} value={u} />)}</datalist>
          <datalist id="audit-results">{[...new Set(["success", "begun", ...(rows.value ?? []).map(r => r.result)])].map(r => <option key={r} value={r} />)}</datalist>
        </div>
        {failed.value && <Trouble text={failed.value}><Button onClick={renew}>Try again</Button></Trouble>}
        <div class="under">
          {fresh.value > 0 && <button type="button" class="fresh" onClick={renew}><Icon name="moveUp" size={14} />{many(fresh.value, "new row")}</button>}
          {rows.value === null ? !failed.value && <Skeleton rows={14} label="Loading the audit" /> : list.length ? <DataTable label="Audit" rows={list} columns={columns} id={r => String(r.sequence)} narrow={narrowRow} opened={open ? String(open) : null} onOpen={r => adjust({ row: String(r.sequence) })} />
            : <Empty title="No row matches" action={filtered ? <Button onClick={() => adjust({ user: null, action: null, result: null, time: null, q: null })}>Clear the filter</Button> : undefined}>{text && next.value ? `None of the ${count(rows.value.length)} rows loaded holds this. Load older ones to look further back.` : "User, action and result are compared exactly."}</Empty>}
        </div>
        {rows.value !== null && <footer class="table-foot"><span class="dim num">{many(list.length, "row")}{text && ` of ${count(shown.rows.length)} loaded`}</span><Button kind="ghost" icon="verify" onClick={() => { proving.value = true; }}>Sealed chain…</Button>
          <Button icon="down" busy={busy.value} why={next.value ? null : "These are all there are."} onClick={() => void load(next.peek())}>Older</Button></footer>}
      </section>
      {proving.value && <Proof anchor={anchor} onClose={() => { proving.value = false; }} />}
      {chosen && <Detail key={chosen.sequence} row={chosen} begun={shown.begun.get(chosen.sequence)} />}
    </div>
  </main>;
}

/** A time of the address in an input of the browser's zone, and back. */
function local(value: string): string {
  if (Number.isNaN(Date.parse(value))) return "";
  const date = new Date(value);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
const iso = (value: string) => value ? new Date(value).toISOString() : "";
