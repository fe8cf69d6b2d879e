import { batch, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, post, segment, sentence } from "../api";
import { AsOf } from "../live/waiting";
import { connection } from "../live/fleet";
import { adjust, navigate } from "../router";
import { me } from "../session";
import type { Layout, Named, Recording, Workspace } from "../types/terminal";
import { Ago, Button, Empty, Glyph, Icon, many, Skeleton, Took, Trouble } from "../ui/basic";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { reopen } from "./open";
import { bytes, ended, failed, layouts, tally } from "./words";

const chosen = (links: readonly (string | null)[]) => links.some(Boolean) ? links.filter(Boolean).join(", ") : "No links chosen";
const EVERY = 5000;
const PAGE = 50;

function Workspaces() {
  const all = useSignal<Workspace[] | null>(null), named = useSignal<Named[]>([]), error = useSignal<string | null>(null), making = useSignal<Layout | null>(null), opening = useSignal<string | null>(null);
  const look = async (left?: AbortSignal) => {
    try {
      const asked = left ? { signal: left } : {};
      const [open, kept] = await Promise.all([api<{ workspaces: Workspace[] }>("/api/terminal/workspaces", asked), api<{ named: Named[] }>("/api/terminal/named", asked)]);
      batch(() => { all.value = open.workspaces; named.value = kept.named.filter(n => !open.workspaces.some(w => w.owner === me.peek()!.username && w.name === n.name)); });
      error.value = null;
    } catch (cause) { if (!left?.aborted) error.value = sentence(cause); }
  };
  useEffect(() => {
    const left = new AbortController();
    void look(left.signal);
    const timer = setInterval(() => { if (document.visibilityState === "visible") void look(left.signal); }, EVERY);
    return () => { left.abort(); clearInterval(timer); };
  }, [connection.value === "live"]);
  const make = async (layout: Layout) => {
    making.value = layout;
    try { navigate(`/terminal/${segment((await post<Workspace>("/api/terminal/workspaces", { layout })).id)}`); } catch (cause) { toast({ kind: "error", text: `No workspace was made: ${sentence(cause)}` }); }
    making.value = null;
  };
  const forget = async ({ name }: Named) => {
    try {
      await api<void>(`/api/terminal/named/${segment(name)}`, { method: "DELETE" });
      named.value = named.peek().filter(n => n.name !== name);
      toast({ kind: "done", text: `“${name}” is forgotten.` });
    } catch (cause) { toast({ kind: "error", text: `It was not forgotten: ${sentence(cause)}` }); }
  };
  return <>
    <div class="term-new" role="group" aria-label="New workspace"><h2>New workspace</h2>{layouts.map(l => <button type="button" key={l.layout} aria-busy={making.value === l.layout || undefined} onClick={() => void make(l.layout)}><Icon name={l.icon} size={22} /><span><span class="unseen">New workspace: </span>{l.text}</span></button>)}</div>
    {error.value && <Trouble text={all.value ? `This may not be current: ${error.value}` : error.value}><Button onClick={() => void look()}>Try again</Button></Trouble>}
    {all.value === null ? !error.value && <Skeleton rows={6} label="Loading workspaces" /> : !all.value.length ? <Empty title="No workspace is open">Choose a layout above, or select links in <a href="/links">Links</a> and press Terminals. A workspace keeps its shells while you come back within a short time.</Empty>
      : <ul class="rows term-list">{all.value.map(w => <li key={w.id}><a href={`/terminal/${segment(w.id)}`}>
        <Icon name={layouts.find(l => l.layout === w.layout)!.icon} size={20} />
        <span class="grow"><strong>{w.name ?? chosen(w.panes.map(p => p.link))}</strong><small>{w.name && `${chosen(w.panes.map(p => p.link))}, `}{w.owner === me.value!.username ? "yours" : `${w.owner}’s`}{w.typist !== w.owner && `, ${w.typist} types`}, {w.sockets ? `${many(w.sockets, "person", "people")} looking` : "nobody looks"}, made <Ago at={w.created_at} /></small></span>
        <span class="num status">{w.panes.some(failed) ? <Glyph tone="bad" label="failed" /> : <Glyph tone={w.panes.some(p => p.status === "connected") ? "ok" : "off"} />}{tally(w.panes)}</span></a></li>)}</ul>}
    {named.value.length > 0 && <section class="term-named" aria-label="Remembered"><h2>Remembered</h2><ul class="rows term-list">{named.value.map(n => <li key={n.name}>
      <Icon name={layouts.find(l => l.layout === n.layout)!.icon} size={20} />
      <span class="grow"><strong>{n.name}</strong><small>{chosen(n.links)}, changed <Ago at={n.changed_at} /></small></span>
      <Button icon="terminal" label={`Open ${n.name}`} busy={opening.value === n.name} onClick={() => { opening.value = n.name; void reopen(n).finally(() => { opening.value = null; }); }}>Open</Button>
      <Button kind="ghost" icon="close" label={`Forget ${n.name}`} onClick={() => void forget(n)} /></li>)}</ul></section>}
  </>;
}

const replay = (r: Recording) => `/terminal/recordings/${segment(r.id)}`;
const End = ({ r }: { r: Recording }) => <span class={r.reason === null || r.reason === "disconnected" || r.exit_code === 0 ? "status" : "status tone-warn"}><Glyph tone={r.closed_at === null ? "run" : r.reason === "exited" && !r.exit_code ? "ok" : r.reason === "disconnected" ? "off" : "warn"} />{ended(r.reason, r.exit_code)}</span>;
const columns: Column<Recording>[] = [
  { key: "link", title: "Link", width: "minmax(140px,1.4fr)", cell: r => <a class="name" href={replay(r)} tabIndex={-1} title={r.link}>{r.link}</a> },
  { key: "by", title: "Opened by", width: "minmax(90px,.8fr)", cell: r => r.username },
  { key: "from", title: "From", width: "minmax(100px,.8fr)", from: 820, cell: r => <code>{r.remote_address}</code> },
  { key: "end", title: "End", width: "130px", cell: r => <End r={r} /> },
  { key: "took", title: "Lasted", width: "96px", right: true, cell: r => <Took from={r.opened_at} to={r.closed_at} ms={r.duration_ms} /> },
  { key: "out", title: "Printed", width: "84px", right: true, from: 680, cell: r => <span class="num">{bytes(r.closed_at === null ? null : r.bytes_out)}</span> },
  { key: "at", title: "Opened", width: "100px", right: true, cell: r => <Ago at={r.opened_at} /> },
  { key: "get", title: "", width: "52px", from: 760, cell: r => <a class="button ghost only small" href={r.cast} download={`${r.link}-${r.id}.cast`} tabIndex={-1} aria-label={`Download the recording of ${r.link}`} title="Download the asciicast"><Icon name="download" size={14} /></a> },
];
const narrowRow = (r: Recording) => <div class="two">
  <div><a class="name" href={replay(r)} tabIndex={-1}>{r.link}</a><span class="end"><Took from={r.opened_at} to={r.closed_at} ms={r.duration_ms} /></span></div>
  <div class="dim"><End r={r} /><span class="end">{r.username} · <Ago at={r.opened_at} /></span></div>
</div>;

function Recordings() {
  const rows = useSignal<Recording[] | null>(null), next = useSignal<string | null>(null), busy = useSignal(false), error = useSignal<string | null>(null);
  const look = async (before: string | null, left?: AbortSignal) => {
    busy.value = true;
    error.value = null;
    try {
      const page = await api<{ recordings: Recording[]; next: string | null }>(`/api/terminal/recordings?limit=${PAGE}${before ? `&before=${encodeURIComponent(before)}` : ""}`, left ? { signal: left } : {});
      rows.value = [...(before ? rows.peek() ?? [] : []), ...page.recordings];
      next.value = page.next;
    } catch (cause) { if (!left?.aborted) error.value = sentence(cause); }
    busy.value = false;
  };
  useEffect(() => {
    const left = new AbortController();
    void look(null, left.signal);
    return () => left.abort();
  }, [connection.value === "live"]);
  return <>
    {error.value && <Trouble text={error.value}><Button onClick={() => void look(null)}>Try again</Button></Trouble>}
    {rows.value === null ? !error.value && <Skeleton rows={10} label="Loading recordings" /> : !rows.value.length ? <Empty title="Nothing is recorded yet">What shells print is recorded, if LinkOps is set up so (terminal.recordings); what is typed is not. You see the shells that you opened or that were opened in your workspaces.</Empty> : <>
      <DataTable label="Recordings" rows={rows.value} columns={columns} id={r => r.id} narrow={narrowRow} onOpen={r => navigate(replay(r))} />
      <footer class="table-foot"><span class="dim num">{many(rows.value.length, "recording")}{next.value && " shown"}</span><Button icon="down" busy={busy.value} why={next.value ? null : "These are all there are."} onClick={() => void look(next.peek())}>Older</Button></footer></>}
  </>;
}

/** Where the terminals begin: workspaces that are open, and what was recorded. */
export function Lists({ view }: { view: "workspaces" | "recordings" }) {
  return <main id="page">
    <div class="title"><h1 tabIndex={-1}>Terminal</h1><p><AsOf /></p></div>
    <section class="panel table-panel" aria-label={view === "recordings" ? "Recordings" : "Workspaces"}>
      <div class="tools"><div class="tabs" role="group" aria-label="What to show">
        <button type="button" aria-pressed={view === "workspaces"} onClick={() => adjust({ view: null })}>Workspaces</button>
        <button type="button" aria-pressed={view === "recordings"} onClick={() => adjust({ view: "recordings" })}>Recordings</button></div></div>
      {view === "recordings" ? <Recordings /> : <Workspaces />}
    </section>
  </main>;
}
