import { batch, computed, effect, signal, untracked, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, sentence } from "../api";
import { fieldNames, parse, toggle, words } from "../filter";
import { BatchSheet, type Batch } from "../links/batch";
import { LinkSheet, readonlyWhy, RemoveSheet } from "../links/edit";
import { EnrollSheet } from "../links/enroll";
import { csv, json, save } from "../links/export";
import { RowMenu, type RowAction } from "../links/rowmenu";
import { LinkPanel } from "../links/panel";
import { recall, remember } from "../links/store";
import { place, quoted } from "../links/text";
import { verifyMany } from "../links/verify";
import { sorted, type SortKey } from "../links/order";
import { AsOf, Awaited } from "../live/waiting";
import { links, linksReady, linkById } from "../live/fleet";
import { adjust, navigate, query } from "../router";
import { newRun } from "../run";
import { closed, denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import "../style/fleet.css";
import type { Link } from "../types";
import { Ago, Button, count, Empty, Glyph, Icon, many, StatusMark, tone, wording } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { lazy } from "../ui/lazy";
import { Menu } from "../ui/menu";
import { DataTable, type Column, type Order } from "../ui/table";
import { toast } from "../ui/toast";
import { Latency } from "../links/sections";
import { closedTo, openTerminals, TerminalButton } from "../terminal/open";

const MapView = lazy<MapProps>(() => import("./topology"), true);
export interface MapProps { links: readonly Link[]; matching: ReadonlySet<string> | null; opened: string | null; open: (id: string | null) => void }

const name = (l: Link) => <a class="name" href={`/links/${encodeURIComponent(l.id)}`} tabIndex={-1} title={l.id}>{l.id}</a>;
const none = <span class="dim">–</span>;

/** Every column there is, in the order they stand in; those `shown` at first are chosen until somebody chooses others. */
const all: (Column<Link> & { shown?: boolean })[] = [
  { key: "status", title: "Status", width: "112px", sorts: true, shown: true, cell: l => <span class="state-cell"><StatusMark state={l.retired ? "retired" : l.health.status} />{l.health.maintenance && <span class="in-maintenance" title="In a maintenance window"><Icon name="maintenance" size={12} /><span class="unseen">in maintenance</span></span>}</span> },
  { key: "id", title: "Name", width: "minmax(150px,1.5fr)", sorts: true, shown: true, cell: name },
  { key: "type", title: "Type", width: "82px", sorts: true, shown: true, cell: l => <span class="tag">{l.type}</span> },
  { key: "enrollment", title: "Enrollment", width: "118px", sorts: true, shown: true, cell: l => <StatusMark state={l.enrollment.status} /> },
  { key: "host", title: "Address", width: "minmax(140px,1.2fr)", from: 820, sorts: true, shown: true, cell: l => <code title={place(l)}>{place(l)}</code> },
  { key: "tags", title: "Tags", width: "minmax(90px,1fr)", from: 960, shown: true, cell: l => <span class="tags">{l.tags.map(t => <span class="tag" key={t}>{t}</span>)}</span> },
  { key: "via", title: "Through", width: "minmax(90px,.8fr)", from: 900, sorts: true, cell: l => l.ssh.proxy_jump ?? none },
  { key: "provider", title: "Provider", width: "minmax(80px,.7fr)", from: 1080, sorts: true, shown: true, cell: l => l.provider ?? none },
  { key: "key", title: "SSH key", width: "minmax(90px,.7fr)", from: 900, sorts: true, cell: l => l.ssh.key_ref ?? none },
  { key: "host_key", title: "Host key", width: "minmax(120px,1fr)", from: 980, cell: l => l.host_key.offered ? <span class="status tone-warn"><Glyph tone="warn" />to be confirmed</span> : l.host_key.trusted[0] ? <code title={l.host_key.trusted.join("\n")}>{l.host_key.trusted[0].replace("SHA256:", "")}</code> : none },
  { key: "reason", title: "What is wrong", width: "minmax(120px,1.4fr)", from: 900, cell: l => <span class="dim" title={wrong(l) ?? ""}>{wrong(l) ?? "–"}</span> },
  { key: "latency", title: "Latency", width: "80px", right: true, sorts: true, shown: true, cell: l => <Latency link={l} /> },
  { key: "checked_at", title: "Checked", width: "96px", right: true, from: 680, sorts: true, cell: l => <Ago at={l.health.checked_at} /> },
  { key: "last_seen", title: "Last seen", width: "96px", right: true, from: 680, sorts: true, shown: true, cell: l => <Ago at={l.health.last_seen} /> },
];
const wrong = (l: Link) => l.enrollment.error ?? l.health.error;
const firstChoice = all.filter(c => c.shown).map(c => c.key).join(",");
const menuAt = signal<{ link: Link; from: DOMRect } | null>(null);
const moreColumn: Column<Link> = { key: "more", title: "", width: "36px", cell: l => <button type="button" class="row-more" tabIndex={-1} aria-label={`Actions for ${l.id}`} title="Actions (.)" onClick={event => { menuAt.value = { link: l, from: event.currentTarget.getBoundingClientRect() }; }}><Icon name="more" /></button> };

const COLUMNS = "links.columns", VIEWS = "links.views";
const kept = signal(recall(COLUMNS) ?? firstChoice);
const chosen = computed(() => query.value.get("cols") ?? kept.value);
const columns = computed(() => { const keys = chosen.value.split(","); return [...all.filter(c => keys.includes(c.key)), moreColumn]; });

const narrowRow = (l: Link) => <div class="two">
  <div><Glyph tone={tone(l.health.status)} label={wording(l.health.status)} />{name(l)}<span class="end">{l.enrollment.status !== "enrolled" && <StatusMark state={l.enrollment.status} />}</span></div>
  <div class="dim"><span class="tag">{l.type}</span><code>{place(l)}</code><span class="end"><Latency link={l} /></span></div>
</div>;

const text = computed(() => query.value.get("q") ?? "");
const order = computed<Order>(() => ({ key: query.value.get("sort") ?? "id", down: query.value.get("dir") === "desc" }));
const filter = computed(() => parse(text.value));
const retired = signal<readonly Link[]>([]);
const everything = computed(() => filter.value.retired && retired.value.length ? [...links.value, ...retired.value.filter(r => !linkById.value.has(r.id))] : links.value);
const selected = signal<ReadonlySet<string>>(new Set());
const rows = signal<readonly Link[]>([]);
const outdated = signal(false);
const over = signal(false);
let arrangedFor = "";

const wantedRows = () => sorted(everything.peek().filter(filter.peek().test), order.peek().key as SortKey, order.peek().down);

function arrange(): void {
  rows.value = wantedRows();
  outdated.value = false;
}

/** While the pointer is on the table its rows keep their places; only what they say changes. */
function refresh(): void {
  const fresh = linkById.peek();
  const same = rows.peek().map(r => r.retired ? r : fresh.get(r.id)).filter(l => l !== undefined);
  const wanted = wantedRows();
  outdated.value = wanted.length !== same.length || wanted.some((l, i) => l.id !== same[i]!.id);
  rows.value = same;
}

effect(() => {
  everything.value;
  const asked = `${text.value}\n${order.value.key}\n${order.value.down}\n${retired.value.length}`;
  const pointing = over.value;
  untracked(() => batch(() => {
    if (pointing && asked === arrangedFor && rows.peek().length) refresh();
    else arrange();
    arrangedFor = asked;
    const there = linkById.peek();
    if ([...selected.peek()].some(id => !there.has(id)) && linksReady.peek()) selected.value = new Set([...selected.peek()].filter(id => there.has(id)));
  }));
});

const opened = computed(() => query.value.get("open"));
const open = (id: string | null) => adjust({ open: id });
const openOrGo = (l: Link) => { if (opened.peek() === l.id) navigate(`/links/${encodeURIComponent(l.id)}`); else open(l.id); };

type Asking = { kind: "add" | "columns" | "views" } | { kind: "edit" | "remove" | "enroll"; link: Link } | { kind: "batch"; batch: Batch };
const asking = signal<Asking | null>(null);
const withBatch = (kind: Batch["kind"], ids: readonly string[]) => { asking.value = { kind: "batch", batch: { kind, ids } }; };

const quick: { term: string; text: string; of: (l: Link) => boolean }[] = [
  { term: "status:offline", text: "Offline", of: l => l.health.status === "offline" },
  { term: "enrollment:refused", text: "Refused", of: l => l.enrollment.status === "refused" },
  { term: "enrollment:unverified", text: "Not verified", of: l => l.enrollment.status === "unverified" },
  { term: "status:online", text: "Online", of: l => l.health.status === "online" },
];
const tallies = computed(() => quick.map(q => links.value.reduce((n, l) => n + (q.of(l) ? 1 : 0), 0)));
const map = computed(() => query.value.get("view") === "map");

function Tools() {
  const have = new Set(words(text.value));
  const unknown = filter.value.unknown;
  const exported = (kind: "csv" | "json") => {
    const list = rows.peek(), stamp = new Date().toISOString().slice(0, 10);
    save(`links-${stamp}.${kind}`, kind === "csv" ? "text/csv;charset=utf-8" : "application/json", kind === "csv" ? csv(list) : json(list));
    toast({ kind: "done", text: `Exported ${many(list.length, "link")}.` });
  };
  return <>
    <div class="tools">
      <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Filter links" placeholder="Filter: name, host, or type:VM status:offline tag:web latency>100 via:pve-1 retired" value={text.value} spellcheck={false} autocapitalize="none"
        aria-describedby={unknown.length ? "filter-note" : undefined} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })}
        onKeyDown={event => {
          if (event.key === "Escape" && text.peek()) { event.preventDefault(); adjust({ q: null }); }
          if (event.key === "ArrowDown") { event.preventDefault(); document.querySelector<HTMLElement>("[role=grid], [role=tree]")?.focus(); }
        }} /></div>
      <div class="quick" role="group" aria-label="Quick filters">{quick.map((q, i) =>
        <button key={q.term} type="button" class="filter" aria-pressed={have.has(q.term)} onClick={() => adjust({ q: toggle(text.peek(), q.term) })}>{q.text} <b class="num">{count(tallies.value[i]!)}</b></button>)}</div>
      {!map.value && <label class="narrow-only sort"><Icon name="sort" /><span class="unseen">Sort by</span>
        <select value={`${order.value.key} ${order.value.down ? "desc" : ""}`.trim()} onChange={event => { const [sort, dir] = (event.target as HTMLSelectElement).value.split(" "); adjust({ sort: sort!, dir: dir ?? null }); }}>
          <option value="id">Name</option><option value="status">Status</option><option value="enrollment">Enrollment</option><option value="type">Type</option><option value="latency desc">Slowest first</option><option value="last_seen">Last seen</option>
        </select></label>}
      <Button kind="ghost" icon="bookmark" label="Saved views" onClick={() => { asking.value = { kind: "views" }; }} />
      {!map.value && <Button kind="ghost" class="wide-only" icon="columns" label="Columns" onClick={() => { asking.value = { kind: "columns" }; }} />}
      <Menu label="Export what is filtered" class="button ghost only" face={<Icon name="download" />} head={<div class="menu-head"><span>{many(rows.value.length, "link")}, as filtered</span></div>}
        items={[{ text: "As CSV", act: () => exported("csv") }, { text: "As JSON", act: () => exported("json") }]} />
    </div>
    {unknown.length > 0 && <p class="hint" id="filter-note">There is no column “{unknown[0]}”, so the word is looked for as text. Columns: {fieldNames.join(", ")}.</p>}
  </>;
}

function BulkBar() {
  const ids = [...selected.value];
  if (!ids.length) return null;
  const visible = rows.value.filter(r => !r.retired);
  const shown = visible.reduce((n, r) => n + (selected.value.has(r.id) ? 1 : 0), 0);
  const hidden = ids.length - shown;
  return <div class="bulk" role="toolbar" aria-label="Selected links">
    <strong class="num">{count(ids.length)} selected{hidden > 0 && <span class="dim"> ({count(hidden)} not shown)</span>}</strong>
    {shown < visible.length && <Button kind="ghost" class="wide-only" onClick={() => { selected.value = new Set([...selected.peek(), ...visible.map(r => r.id)]); }}>Select all {count(visible.length)} matching</Button>}
    <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun({ picked: ids })}>Run script…</Button>
    <Button icon="verify" why={denied("operator", "Verifying")} onClick={() => void verifyMany(ids)}>Verify</Button>
    <TerminalButton ids={ids} />
    <Button icon="health" why={denied("operator", "Checking health")} onClick={() => withBatch("check", ids)}><span class="bulk-word">Check health</span></Button>
    <Button icon="fingerprint" why={denied("admin", "Enrolling")} onClick={() => withBatch("enroll", ids)}><span class="bulk-word">Enroll…</span></Button>
    <Button kind="ghost" icon="close" label="Clear selection" onClick={() => { selected.value = new Set(); }} />
  </div>;
}

/** What can be done with one link, wherever its menu is opened. */
function actionsOf(link: Link): RowAction[] {
  const gone = link.retired ? `${link.id} is retired: it is no longer in links.yaml.` : null;
  const edits = gone ?? readonlyWhy();
  return [
    { text: "Open page", icon: "open", act: () => navigate(`/links/${encodeURIComponent(link.id)}`) },
    { text: "Run script…", icon: "play", why: gone ?? denied("operator", "Running scripts"), act: () => newRun({ picked: [link.id] }) },
    { text: "Terminal", icon: "terminal", why: gone ?? closedTo([link.id]), act: () => void openTerminals([link.id]) },
    { text: "Verify", icon: "verify", why: gone ?? denied("operator", "Verifying"), act: () => void verifyMany([link.id]) },
    { text: "Check health", icon: "health", why: gone ?? denied("operator", "Checking health"), act: () => withBatch("check", [link.id]) },
    { text: "Enroll…", icon: "fingerprint", why: gone ?? denied("admin", "Enrolling"), act: () => { asking.value = { kind: "enroll", link }; } },
    { text: "Copy the ssh command", icon: "copy", act: () => void copy(`ssh ${link.port === 22 ? "" : `-p ${link.port} `}${quoted(`${link.user}@${link.host}`)}`) },
    { text: "Edit…", icon: "pencil", why: edits, act: () => { asking.value = { kind: "edit", link }; } },
    { text: "Remove…", icon: "remove", why: edits, danger: true, act: () => { asking.value = { kind: "remove", link }; } },
  ];
}
async function copy(line: string): Promise<void> {
  try { await navigator.clipboard.writeText(line); toast({ kind: "done", text: `Copied: ${line}` }); }
  catch { toast({ kind: "note", text: `The browser does not let this page copy (it does over HTTPS or on localhost): ${line}` }); }
}

function Content() {
  if (!linksReady.value) return <Awaited rows={16} label="Loading links" />;
  if (!links.value.length && !filter.value.retired) return <Empty title="The inventory has no links" action={<Button icon="sync" why={closed("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>}>Links are machines described in links.yaml of the Git repository. Add some there and sync, or add one here.</Empty>;
  if (map.value) return <MapView links={links.value} matching={text.value ? new Set(rows.value.map(r => r.id)) : null} opened={opened.value} open={open} />;
  if (!rows.value.length) return <Empty title="No link matches the filter" action={<Button onClick={() => adjust({ q: null })}>Clear the filter</Button>}>None of {many(links.value.length, "link")} matches “{text.value}”.</Empty>;
  return <DataTable label="Links" rows={rows.value} columns={columns.value} id={l => l.id} narrow={narrowRow} selected={selected} order={order.value} opened={opened.value}
    onOrder={o => adjust({ sort: o?.key ?? null, dir: o?.down ? "desc" : null })} onOpen={openOrGo} onPointer={on => { over.value = on; }} onMenu={(link, from) => { menuAt.value = { link, from }; }} />;
}

function ColumnSheet({ onClose }: { onClose: () => void }) {
  const keys = new Set(chosen.value.split(","));
  const choose = (key: string, on: boolean) => {
    const next = all.filter(c => c.key === "id" || (c.key === key ? on : keys.has(c.key))).map(c => c.key).join(",");
    kept.value = next;
    remember(COLUMNS, next);
    adjust({ cols: next === firstChoice ? null : next });
  };
  return <Sheet title="Columns" onClose={onClose} footer={<><Button onClick={() => { kept.value = firstChoice; remember(COLUMNS, firstChoice); adjust({ cols: null }); }}>As at first</Button><Button kind="primary" onClick={onClose}>Done</Button></>}>
    <p class="note">Kept in this browser and in the address. Where the window is too narrow for all, some step aside.</p>
    <div class="column-list">{all.map(c => <label key={c.key}><input type="checkbox" checked={keys.has(c.key)} disabled={c.key === "id"} title={c.key === "id" ? "The name is always shown." : undefined} onChange={event => choose(c.key, (event.target as HTMLInputElement).checked)} />{c.title}{c.key === "id" && <span class="dim">always shown</span>}</label>)}</div>
  </Sheet>;
}

interface View { name: string; query: string }
const views = (): View[] => { try { const list: unknown = JSON.parse(recall(VIEWS) ?? "[]"); return Array.isArray(list) ? (list as View[]).filter(v => typeof v.name === "string" && typeof v.query === "string") : []; } catch { return []; } };

function ViewSheet({ onClose }: { onClose: () => void }) {
  const list = useSignal(views()), called = useSignal("");
  const put = (next: View[]) => { list.value = next; remember(VIEWS, JSON.stringify(next)); };
  const now = () => { const q = new URLSearchParams(query.peek()); q.delete("open"); return q.toString(); };
  const save = () => {
    const name = called.peek().trim();
    if (!name) return;
    put([...list.peek().filter(v => v.name !== name), { name, query: now() }].sort((a, b) => a.name < b.name ? -1 : 1));
    called.value = "";
    toast({ kind: "done", text: `Saved the view “${name}” in this browser.` });
  };
  return <Sheet title="Saved views" onClose={onClose}>
    {list.value.length ? <ul class="saved-views">{list.value.map(v => <li key={v.name}><button type="button" class="button ghost grow" onClick={() => { onClose(); navigate(`/links${v.query ? `?${v.query}` : ""}`); }}><strong>{v.name}</strong><span class="dim">{new URLSearchParams(v.query).get("q") || "all links"}</span></button><Button kind="ghost" icon="close" label={`Forget ${v.name}`} onClick={() => put(list.peek().filter(x => x !== v))} /></li>)}</ul>
      : <p class="dim">None yet. A view is a filter with its order and columns.</p>}
    <form class="row-form" onSubmit={event => { event.preventDefault(); save(); }}><Field label="Save what is shown now as" value={called} autoFocus /><Button submit icon="plus" why={called.value.trim() ? null : "Give the view a name."}>Save view</Button></form>
  </Sheet>;
}

function Asked() {
  const what = asking.value;
  const close = () => { asking.value = null; };
  if (!what) return null;
  switch (what.kind) {
    case "add": return <LinkSheet link={null} onClose={close} />;
    case "edit": return <LinkSheet key={what.link.id} link={what.link} onClose={close} />;
    case "remove": return <RemoveSheet link={what.link} onClose={close} />;
    case "enroll": return <EnrollSheet link={what.link} onClose={close} />;
    case "batch": return <BatchSheet batch={what.batch} onClose={close} />;
    case "columns": return <ColumnSheet onClose={close} />;
    case "views": return <ViewSheet onClose={close} />;
  }
}

export default function LinksPage() {
  const id = opened.value;
  useEffect(() => {
    let going = 0; // after g comes the name of a page
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || menuAt.peek()) return;
      if ((event.target as HTMLElement).matches?.("input:not([type=checkbox]), select, textarea")) return;
      const ids = selected.peek().size ? [...selected.peek()] : opened.peek() ? [opened.peek()!] : [];
      if (event.key === "Escape" && opened.peek() && !selected.peek().size) open(null);
      else if (event.key === "r" && ids.length && !denied("operator", "")) newRun({ picked: ids });
      else if (event.key === "v" && ids.length && !denied("operator", "")) void verifyMany(ids);
      else if (event.key === "t" && ids.length && Date.now() - going > 1500) void openTerminals(ids);
      else { if (event.key === "g") going = Date.now(); return; }
      event.preventDefault();
    };
    addEventListener("keydown", pressed, true);
    return () => removeEventListener("keydown", pressed, true);
  }, []);
  useEffect(() => () => batch(() => { over.value = false; menuAt.value = null; asking.value = null; }), []);
  const asksRetired = filter.value.retired;
  useEffect(() => {
    if (asksRetired) api<{ links: Link[] }>("/api/links?retired=true").then(a => { retired.value = a.links.filter(l => l.retired); }, cause => toast({ kind: "error", text: `Retired links could not be fetched: ${sentence(cause)}` }));
  }, [asksRetired]);
  const list = map.value ? "map" : "table";
  return <main id="page" class={id ? "with-side" : ""}>
    <div class="title"><h1 tabIndex={-1}>Links</h1><p class="num">{linksReady.value ? text.value ? `${count(rows.value.length)} of ${count(links.value.length)}` : many(links.value.length, "link") : ""}<AsOf /></p>
      {outdated.value && !map.value && <Button icon="sort" class="resort" onClick={arrange}>Order has changed: sort again</Button>}
      <div class="tabs views" role="group" aria-label="Show as"><button type="button" aria-pressed={list === "table"} onClick={() => adjust({ view: null })}><Icon name="table" /><span>Table</span></button><button type="button" aria-pressed={list === "map"} onClick={() => adjust({ view: "map" })}><Icon name="topology" /><span>Map</span></button></div>
      <Button icon="plus" why={readonlyWhy()} onClick={() => { asking.value = { kind: "add" }; }}>Add link…</Button></div>
    <div class="beside">
      <section class={`panel table-panel${selected.value.size && !map.value ? " has-bulk" : ""}`} aria-label="Links">
        <Tools />
        <Content />
        {!map.value && <BulkBar />}
      </section>
      {id && <LinkPanel key={id} id={id} onClose={() => open(null)} actions={actionsOf} />}
    </div>
    {menuAt.value && <RowMenu label={`Actions for ${menuAt.value.link.id}`} from={menuAt.value.from} items={actionsOf(menuAt.value.link)} onClose={() => { menuAt.value = null; }} />}
    <Asked />
  </main>;
}

