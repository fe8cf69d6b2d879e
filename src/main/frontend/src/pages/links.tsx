import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { post, sentence } from "../api";
import { fieldNames, parse, toggle, words } from "../filter";
import { connection, links, linksReady, linkById, troubled } from "../live/fleet";
import { adjust, navigate, query } from "../router";
import { newRun } from "../run";
import { denied } from "../session";
import type { Link } from "../types";
import { Ago, Button, Empty, Glyph, Icon, many, count, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { DataTable, type Column, type Order } from "../ui/table";
import { toast } from "../ui/toast";
import { openTerminals, TerminalButton } from "../terminal/open";
import { LinkDetail } from "./link";
import { syncAndTell } from "../shell/topbar";

export const SLOW_MS = 100;
const VERY_SLOW_MS = 500;

export const Latency = ({ ms }: { ms: number | null }) => ms === null ? <span class="dim">–</span>
  : <span class={`num${ms >= VERY_SLOW_MS ? " tone-bad" : ms >= SLOW_MS ? " tone-warn" : ""}`} title={ms >= SLOW_MS ? `Slow: ${SLOW_MS} ms or more` : undefined}>{count(ms)} ms</span>;

const place = (link: Link) => `${link.user}@${link.host}${link.port === 22 ? "" : `:${link.port}`}`;

const columns: Column<Link>[] = [
  { key: "status", title: "Status", width: "92px", sorts: true, cell: l => <StatusMark state={l.health.status} /> },
  { key: "id", title: "Name", width: "minmax(150px,1.5fr)", sorts: true, cell: l => <a class="name" href={`/links/${encodeURIComponent(l.id)}${keepQuery()}`} tabIndex={-1} title={l.id}>{l.id}</a> },
  { key: "type", title: "Type", width: "82px", sorts: true, cell: l => <span class="tag">{l.type}</span> },
  { key: "enrollment", title: "Enrollment", width: "118px", sorts: true, cell: l => <StatusMark state={l.enrollment.status} /> },
  { key: "host", title: "Address", width: "minmax(140px,1.2fr)", from: 820, sorts: true, cell: l => <code title={place(l)}>{place(l)}</code> },
  { key: "tags", title: "Tags", width: "minmax(90px,1fr)", from: 960, cell: l => <span class="tags">{l.tags.map(t => <span class="tag" key={t}>{t}</span>)}</span> },
  { key: "provider", title: "Provider", width: "minmax(80px,.7fr)", from: 1080, sorts: true, cell: l => l.provider ?? <span class="dim">–</span> },
  { key: "latency", title: "Latency", width: "80px", right: true, sorts: true, cell: l => <Latency ms={l.health.latency_ms} /> },
  { key: "last_seen", title: "Last seen", width: "96px", right: true, from: 680, sorts: true, cell: l => <Ago at={l.health.last_seen} /> },
];

const narrowRow = (l: Link) => <div class="two">
  <div><Glyph tone={l.health.status === "online" ? "ok" : l.health.status === "offline" ? "bad" : "unknown"} label={l.health.status} /><a class="name" href={`/links/${encodeURIComponent(l.id)}${keepQuery()}`} tabIndex={-1}>{l.id}</a>
    <span class="end">{l.enrollment.status !== "enrolled" && <StatusMark state={l.enrollment.status} />}</span></div>
  <div class="dim"><span class="tag">{l.type}</span><code>{place(l)}</code><span class="end"><Latency ms={l.health.latency_ms} /></span></div>
</div>;

type Key = (link: Link) => string | number;
const rank = { offline: 0, unknown: 1, online: 2, refused: 0, unverified: 1, enrolled: 2 };
const keys: Record<string, Key> = {
  id: l => l.id, status: l => rank[l.health.status], type: l => l.type, host: l => l.host, provider: l => l.provider ?? "￿",
  enrollment: l => rank[l.enrollment.status], latency: l => l.health.latency_ms ?? Infinity, last_seen: l => -Date.parse(l.health.last_seen ?? "1970-01-01"),
};

/** Ties are broken by id, so that the order is the same each time. */
function sorted(list: readonly Link[], order: Order): readonly Link[] {
  const key = keys[order.key] ?? keys["id"]!;
  const keyed = list.map(link => ({ link, key: key(link) }));
  const sign = order.down ? -1 : 1;
  keyed.sort((a, b) => a.key < b.key ? -sign : a.key > b.key ? sign : a.link.id < b.link.id ? -1 : 1);
  return keyed.map(k => k.link);
}

const text = computed(() => query.value.get("q") ?? "");
const order = computed<Order>(() => ({ key: query.value.get("sort") ?? "id", down: query.value.get("dir") === "desc" }));
const filter = computed(() => parse(text.value));
const selected = signal<ReadonlySet<string>>(new Set());
const rows = signal<readonly Link[]>([]);
const outdated = signal(false);
const over = signal(false);
let arrangedFor = "";

function arrange(): void {
  rows.value = sorted(links.peek().filter(filter.peek().test), order.peek());
  outdated.value = false;
}

/** While the pointer is on the table its rows keep their places; only what they say changes. */
function refresh(): void {
  const fresh = linkById.peek();
  const kept = rows.peek().map(r => fresh.get(r.id)).filter(l => l !== undefined);
  const wanted = sorted(links.peek().filter(filter.peek().test), order.peek());
  outdated.value = wanted.length !== kept.length || wanted.some((l, i) => l.id !== kept[i]!.id);
  rows.value = kept;
}

effect(() => {
  links.value;
  const asked = `${text.value}\n${order.value.key}\n${order.value.down}`;
  const pointing = over.value;
  untracked(() => batch(() => {
    if (pointing && asked === arrangedFor && rows.peek().length) refresh();
    else arrange();
    arrangedFor = asked;
    const there = linkById.peek();
    if ([...selected.peek()].some(id => !there.has(id)) && linksReady.peek()) selected.value = new Set([...selected.peek()].filter(id => there.has(id)));
  }));
});

const keepQuery = () => { const q = query.peek().toString(); return q ? `?${q}` : ""; };

export async function verifyMany(targets: string[]): Promise<void> {
  try {
    const { operation_id } = await post<{ operation_id: string }>("/api/links/verify", { targets });
    navigate(`/operations/${encodeURIComponent(operation_id)}`);
  } catch (cause) {
    toast({ kind: "error", text: `Nothing was verified: ${sentence(cause)}` });
  }
}

const quick: { term: string; text: string; of: (l: Link) => boolean }[] = [
  { term: "status:offline", text: "Offline", of: l => l.health.status === "offline" },
  { term: "enrollment:refused", text: "Refused", of: l => l.enrollment.status === "refused" },
  { term: "enrollment:unverified", text: "Not verified", of: l => l.enrollment.status === "unverified" },
  { term: "status:online", text: "Online", of: l => l.health.status === "online" },
];
const tallies = computed(() => quick.map(q => links.value.reduce((n, l) => n + (q.of(l) ? 1 : 0), 0)));

function Tools() {
  const have = new Set(words(text.value));
  const unknown = filter.value.unknown;
  return <>
    <div class="tools">
      <div class="searchbox"><Icon name="search" /><input type="search" aria-label="Filter links" placeholder="Filter: name, host, or type:VM status:offline tag:web latency>100" value={text.value} spellcheck={false} autocapitalize="none"
        aria-describedby={unknown.length ? "filter-note" : undefined} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })}
        onKeyDown={event => {
          if (event.key === "Escape" && text.peek()) { event.preventDefault(); adjust({ q: null }); }
          if (event.key === "ArrowDown") { event.preventDefault(); document.querySelector<HTMLElement>("[role=grid]")?.focus(); }
        }} /></div>
      <div class="quick" role="group" aria-label="Quick filters">{quick.map((q, i) =>
        <button key={q.term} type="button" class="filter" aria-pressed={have.has(q.term)} onClick={() => adjust({ q: toggle(text.peek(), q.term) })}>{q.text} <b class="num">{count(tallies.value[i]!)}</b></button>)}</div>
      <label class="narrow-only sort"><Icon name="sort" /><span class="unseen">Sort by</span>
        <select value={`${order.value.key} ${order.value.down ? "desc" : ""}`.trim()} onChange={event => { const [sort, dir] = (event.target as HTMLSelectElement).value.split(" "); adjust({ sort: sort!, dir: dir ?? null }); }}>
          <option value="id">Name</option><option value="status">Status</option><option value="enrollment">Enrollment</option><option value="type">Type</option><option value="latency desc">Slowest first</option><option value="last_seen">Last seen</option>
        </select></label>
    </div>
    {unknown.length > 0 && <p class="hint" id="filter-note">There is no column “{unknown[0]}”, so the word is looked for as text. Columns: {fieldNames.join(", ")}.</p>}
  </>;
}

function BulkBar() {
  const ids = [...selected.value];
  if (!ids.length) return null;
  const visible = new Set(rows.value.map(r => r.id));
  const hidden = ids.filter(id => !visible.has(id)).length;
  return <div class="bulk" role="toolbar" aria-label="Selected links">
    <strong class="num">{count(ids.length)} selected{hidden > 0 && <span class="dim"> ({count(hidden)} not shown)</span>}</strong>
    <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun({ picked: ids })}>Run script…</Button>
    <Button icon="verify" why={denied("operator", "Verifying")} onClick={() => void verifyMany(ids)}>Verify</Button>
    <TerminalButton ids={ids} />
    <Button kind="ghost" icon="close" label="Clear selection" onClick={() => { selected.value = new Set(); }} />
  </div>;
}

function Content({ id }: { id: string | null }) {
  if (!linksReady.value) return troubled.value ? <Trouble text={troubled.value} /> : <Skeleton rows={16} label="Loading links" />;
  if (!links.value.length) return <Empty title="The inventory has no links" action={<Button icon="sync" why={denied("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>}>Links are machines described in links.yaml of the Git repository. Add some there, push, and sync.</Empty>;
  if (!rows.value.length) return <Empty title="No link matches the filter" action={<Button onClick={() => adjust({ q: null })}>Clear the filter</Button>}>None of {many(links.value.length, "link")} matches “{text.value}”.</Empty>;
  return <DataTable label="Links" rows={rows.value} columns={columns} id={l => l.id} narrow={narrowRow} selected={selected} order={order.value} opened={id}
    onOrder={o => adjust({ sort: o?.key ?? null, dir: o?.down ? "desc" : null })} onOpen={l => navigate(`/links/${encodeURIComponent(l.id)}${keepQuery()}`)} onPointer={on => { over.value = on; }} />;
}

export function LinksPage({ id }: { id: string | null }) {
  useEffect(() => {
    let going = 0; // after g comes the name of a page
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if ((event.target as HTMLElement).matches?.("input:not([type=checkbox]), select")) return;
      if (event.key === "Escape" && id) navigate(`/links${keepQuery()}`);
      else if (event.key === "r" && selected.peek().size && !denied("operator", "")) newRun({ picked: [...selected.peek()] });
      else if (event.key === "v" && selected.peek().size && !denied("operator", "")) void verifyMany([...selected.peek()]);
      else if (event.key === "t" && Date.now() - going > 1500 && (selected.peek().size || id)) void openTerminals(selected.peek().size ? [...selected.peek()] : [id!]);
      else { if (event.key === "g") going = Date.now(); return; }
      event.preventDefault();
    };
    addEventListener("keydown", pressed, true);
    return () => removeEventListener("keydown", pressed, true);
  }, [id]);
  useEffect(() => () => { over.value = false; }, []);
  return <main id="page" class={id ? "with-side" : ""}>
    <div class="title"><h1 tabIndex={-1}>Links</h1><p class="num">{linksReady.value ? text.value ? `${count(rows.value.length)} of ${count(links.value.length)}` : many(links.value.length, "link") : ""}{connection.value === "lost" && ", not current"}</p>
      {outdated.value && <Button icon="sort" class="resort" onClick={arrange}>Order has changed: sort again</Button>}</div>
    <div class="beside">
      <section class={`panel table-panel${selected.value.size ? " has-bulk" : ""}`} aria-label="Links">
        <Tools />
        <Content id={id} />
        <BulkBar />
      </section>
      {id && <LinkDetail key={id} id={id} back={`/links${keepQuery()}`} />}
    </div>
  </main>;
}
