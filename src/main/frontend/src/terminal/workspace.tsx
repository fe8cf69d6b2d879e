import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { api, segment } from "../api";
import { adjust, navigate, query } from "../router";
import { me } from "../session";
import type { Workspace } from "../types/terminal";
import { Button, Empty, Glyph, many, Skeleton, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Menu } from "../ui/menu";
import { toast } from "../ui/toast";
import { Desk, like, SIZES, tastes } from "./desk";
import { lines } from "./input";
import { ours, PaneView, type Room } from "./pane";
import { Name } from "./name";
import { Picker } from "./picker";
import { Shares } from "./shares";
import { keep, kept, Splitters, tracks, type Splits } from "./split";
import { failed, tally } from "./words";

const NARROW = "(max-width: 900px)";
const path = (id: string) => `/api/terminal/workspaces/${segment(id)}`;

/** One workspace: its panes and all that is done with them. */
export function WorkspacePage({ id }: { id: string }) {
  const desk = useMemo(() => new Desk(id), [id]);
  const narrow = useSignal(matchMedia(NARROW).matches);
  const wanted = Number(query.peek().get("pane"));
  const first = wanted >= 1 && wanted <= 4 ? wanted - 1 : null;
  const room: Room = {
    focused: useSignal(first ?? 0), only: useSignal(first), broadcast: useSignal(false), chosen: useSignal<ReadonlySet<number>>(new Set()), ctrl: useSignal(false),
    finding: useSignal<number | null>(null), pasting: useSignal(null), following: useSignal<string | null>(null), picking: useSignal<number | null>(null),
  };
  const asking = useSignal<"close" | "share" | "name" | null>(null), busy = useSignal(false);
  const frame = useRef<HTMLElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const splits = useSignal<Splits>({ columns: [], rows: [] });
  const line = useRef<HTMLInputElement>(null);
  const workspace = desk.workspace.value, panes = desk.panes.value, connection = desk.connection.value;

  useEffect(() => desk.start(), [desk]);
  const layout = workspace?.layout ?? "single", alone = room.only.value !== null || narrow.value || panes.length < 2;
  const place = workspace?.name ? `${workspace.owner}/${workspace.name}` : id;
  useLayoutEffect(() => { splits.value = kept(place, layout); }, [layout, place]);
  const columns = alone ? "" : tracks(splits.value.columns), rows = alone ? "" : tracks(splits.value.rows);
  useLayoutEffect(() => {
    if (!grid.current) return;
    grid.current.style.gridTemplateColumns = columns;
    grid.current.style.gridTemplateRows = rows;
  });
  useEffect(() => {
    const media = matchMedia(NARROW);
    const changed = () => { narrow.value = media.matches; };
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  }, []);
  // The address says which pane is shown alone, so that a reload shows the same.
  useEffect(() => { adjust({ pane: room.only.value === null ? null : String(room.only.value + 1) }); }, [room.only.value]);
  const wasMine = useRef<boolean | null>(null);
  useEffect(() => {
    if (!workspace) return;
    if (wasMine.current === true && !desk.youType.value) toast({ kind: "note", text: `${desk.typist.value} has taken over and types here now.` });
    wasMine.current = desk.youType.value;
    if (!desk.youType.value) room.broadcast.value = false;
  }, [desk.youType.value, workspace === null]);

  const go = (index: number) => {
    if (index >= panes.length) return;
    room.focused.value = index;
    if (room.only.peek() !== null) room.only.value = index;
    const focus = () => frame.current?.querySelectorAll<HTMLElement>(".term-pane")[index]?.querySelector<HTMLElement>("textarea")?.focus();
    focus(); // what is typed next goes there already; a pane that was hidden takes the focus when it is shown
    requestAnimationFrame(focus);
  };
  const broadcast = () => {
    if (!desk.youType.peek()) { toast({ kind: "note", text: `${desk.typist.peek()} types here. Take over first.` }); return; }
    room.broadcast.value = !room.broadcast.peek();
    if (!room.broadcast.peek()) return;
    room.chosen.value = new Set(desk.panes.peek().filter(p => p.status === "connected").map(p => p.pane));
    requestAnimationFrame(() => line.current?.focus());
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector("dialog[open]") || !ours(event)) return;
      event.preventDefault();
      if (event.code === "KeyB") broadcast();
      else if (event.code === "KeyF") room.finding.value = room.focused.peek();
      else if (event.code === "Digit0") frame.current?.querySelector<HTMLElement>("h1")?.focus();
      else go(Number(event.code.slice(5)) - 1);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [panes.length]);

  if (connection === "over") return <main id="page"><div class="title"><h1 tabIndex={-1}>Terminal</h1></div><Empty title="This workspace is closed" action={<a class="button" href="/terminal">Workspaces</a>}>{desk.why.value}</Empty></main>;
  if (!workspace) return <main id="page"><div class="title"><h1 tabIndex={-1}>Terminal</h1></div>{connection === "lost" ? <Trouble text="The workspace does not answer. It is tried again by itself."><a href="/terminal">Workspaces</a></Trouble> : <Skeleton label="Opening the workspace" />}</main>;

  const my = me.value!;
  const mayManage = workspace.owner === my.username || my.role === "admin" ? null : `Only ${workspace.owner}, whose workspace it is, may do this.`;
  const mayTake = workspace.owner === my.username || my.role === "admin" || workspace.shares.some(s => s.user === my.username && s.mode === "control") ? null : "It is shared with you for watching only. Its owner can share it for control.";
  const mine = desk.youType.value ? connection === "live" ? null : "The connection is not there at the moment." : `${desk.typist.value} types here. Take over first.`;
  const toConnect = panes.filter(p => p.link !== null && p.status === "closed" && !failed(p)), broken = panes.filter(failed);
  const connectAll = async () => {
    busy.value = true;
    try { desk.shows(await api<Workspace>(`${path(id)}/connect-all`, { method: "POST" })); } catch (cause) { toast({ kind: "error", text: `Not connected: ${(cause as Error).message}` }); }
    busy.value = false;
  };
  const size = (by: number) => {
    const to = SIZES[SIZES.indexOf(tastes.peek().fontSize) + by];
    if (to) like({ fontSize: to });
  };
  const transcript = () => {
    const pane = panes[room.focused.peek()]!, url = URL.createObjectURL(new Blob([desk.text(pane.pane)], { type: "text/plain;charset=utf-8" }));
    const anchor = document.createElement("a");
    anchor.href = url;
    anchor.download = `${pane.link ?? `pane-${pane.pane + 1}`}.txt`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  const targets = [...room.chosen.value].filter(i => panes[i]?.status === "connected");
  const silent = mine ?? (targets.length ? null : "Tick a connected pane first.");
  const speak = (text: string) => targets.forEach(i => desk.type(i, text));
  const following = room.following.value, pasting = room.pasting.value;
  return <main id="page" class="terminal-page" ref={frame}>
    <div class="title"><h1 tabIndex={-1} title={workspace.name ?? undefined}>{workspace.name ?? "Terminal"}</h1>
      <p class="num" role="status">{tally(panes)}</p>
      <div class="term-tools" role="toolbar" aria-label="Workspace">
        <Button kind={toConnect.length ? "primary" : undefined} icon="plug" busy={busy.value} why={mine ?? (toConnect.length || broken.length ? null : panes.some(p => p.link) ? "All of them are connected." : "Choose links for the panes first.")} onClick={() => void connectAll()}>Connect all</Button>
        {broken.length > 0 && <Button icon="again" why={mine} onClick={() => broken.forEach(p => desk.connect(p.pane))}>Reconnect failed</Button>}
        {panes.length > 1 && <Button icon="broadcast" pressed={room.broadcast.value} title="Type into several panes (Ctrl Shift B)" label="Broadcast" why={mine ?? (panes.some(p => p.status === "connected") ? null : "No pane is connected.")} onClick={broadcast}><span class="wide">Broadcast</span></Button>}
        <Button icon="search" label="Search the terminal (Ctrl Shift F)" onClick={() => { room.finding.value = room.finding.peek() === null ? room.focused.peek() : null; }} />
        <Button icon="share" label="Share this workspace" onClick={() => { asking.value = "share"; }} />
        <Menu label="More" class="button only" face={<svg class="icon" width="16" height="16" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><circle cx="5" cy="12" r="2" /><circle cx="12" cy="12" r="2" /><circle cx="19" cy="12" r="2" /></svg>}
          items={[
            { text: `Larger text (now ${tastes.value.fontSize} px)`, icon: "plus", act: () => size(1) },
            { text: "Smaller text", icon: "moveDown", act: () => size(-1) },
            { text: tastes.value.copyOnSelect ? "Do not copy on selection" : "Copy on selection", icon: "copy", act: () => like({ copyOnSelect: !tastes.peek().copyOnSelect }) },
            { text: tastes.value.reader ? "Without screen reader support" : "Screen reader support", icon: "eye", act: () => like({ reader: !tastes.peek().reader }) },
            { text: `Save what pane ${room.focused.value + 1} shows`, icon: "download", act: transcript },
            { text: workspace.name ? "Rename the workspace…" : "Name the workspace…", icon: "pencil", why: mayManage, act: () => { asking.value = "name"; } },
            { text: "All workspaces", icon: "terminal", act: () => navigate("/terminal") },
            { text: "Close the workspace…", icon: "remove", why: mayManage, act: () => { asking.value = "close"; } },
          ]} />
      </div>
    </div>
    {!desk.youType.value && connection === "live" && <div class="term-state" role="status"><Glyph tone="run" /><p><strong>{desk.typist.value}</strong> types here, you watch{workspace.owner !== my.username && ` in ${workspace.owner}’s workspace`}.</p><Button icon="keyboard" why={mayTake} onClick={() => desk.takeOver()}>Take over</Button></div>}
    {narrow.value && panes.length > 1 && <div class="tabs term-tabs" role="group" aria-label="Pane">{panes.map(p => <button type="button" key={p.pane} aria-pressed={room.focused.value === p.pane} onClick={() => { room.focused.value = p.pane; }}><Glyph tone={p.status === "connected" ? "ok" : p.status === "connecting" ? "run" : failed(p) ? "bad" : "off"} label={p.status} /><span>{p.link ?? "No link"}</span></button>)}</div>}
    <div ref={grid} class={`term-grid ${alone ? "single" : layout}`}>
      {connection !== "live" && <div class="term-state bad" role="alert"><Glyph tone="warn" /><p>{desk.why.value ?? "The connection is lost. It is made again by itself, and goes on where it stopped. Nothing that is typed until then is sent."}</p>{connection === "idle" && <Button icon="plug" onClick={() => desk.attachment.start()}>Connect again</Button>}</div>}
      {!alone && <Splitters splits={splits} layout={layout} done={() => keep(place, splits.peek())} />}
      {panes.map(p => <PaneView key={p.pane} desk={desk} index={p.pane} room={room} narrow={narrow.value} />)}
    </div>
    {room.broadcast.value && <form class="term-broadcast" onSubmit={event => { event.preventDefault(); if (silent) return; speak(`${line.current!.value}\r`); line.current!.value = ""; }}>
      <span class="num" role="status"><Glyph tone="warn" />To {targets.length ? `pane ${targets.map(i => i + 1).join(", ")}` : "no pane: tick one"}</span>
      <input ref={line} type="text" class="mono" aria-label="Send to the chosen panes" placeholder="A line for all chosen panes" spellcheck={false} autocapitalize="none" autocomplete="off"
        onKeyDown={event => {
          if (event.key === "Escape") { event.preventDefault(); broadcast(); go(room.focused.peek()); }
          else if (event.key === "c" && event.ctrlKey && !event.shiftKey && line.current!.selectionStart === line.current!.selectionEnd) { event.preventDefault(); speak("\u0003"); }
        }} />
      <Button submit icon="broadcast" why={silent}>Send</Button>
      <Button kind="ghost" why={silent} title="Interrupts what runs in the chosen panes" onClick={() => speak("\u0003")}>Ctrl C</Button>
      <Button kind="ghost" icon="close" label="End the broadcast" onClick={broadcast} />
    </form>}
    {narrow.value && <KeyRow desk={desk} room={room} />}
    {room.picking.value !== null && <Picker desk={desk} pane={room.picking.value} onClose={() => { room.picking.value = null; }} />}
    {asking.value === "share" && <Shares desk={desk} why={mayManage} onClose={() => { asking.value = null; }} />}
    {asking.value === "name" && <Name desk={desk} onClose={() => { asking.value = null; }} onNamed={name => keep(`${workspace.owner}/${name}`, splits.peek())} />}
    {asking.value === "close" && <Confirm title="Close this workspace?" act="Close it" danger onClose={() => { asking.value = null; }} onConfirm={async () => { desk.attachment.end(); await api<void>(path(id), { method: "DELETE" }); navigate("/terminal"); }}>
      <p>{panes.some(p => p.status === "connected") ? `${many(panes.filter(p => p.status === "connected").length, "shell")} will be ended, with whatever runs in them.` : "No shell is open in it."} Recordings are kept{workspace.name && `, and “${workspace.name}” is remembered`}.</p></Confirm>}
    {pasting && <Confirm title={`Paste ${many(lines(pasting.text), "line")} into pane ${pasting.pane + 1}?`} act="Paste" onClose={() => { room.pasting.value = null; }} onConfirm={async () => { pasting.paste(); }}>
      <p>A shell runs each line as soon as its end arrives. {panes[pasting.pane]?.link && <>This goes to <strong>{panes[pasting.pane]!.link}</strong>.</>}</p>
      <pre class="term-paste">{pasting.text.slice(0, 2000)}{pasting.text.length > 2000 && "\n…"}</pre></Confirm>}
    {following && <Sheet title="Open this address?" onClose={() => { room.following.value = null; }} footer={<><Button onClick={() => { room.following.value = null; }}>Cancel</Button>{/^https?:\/\//i.test(following) ? <a class="button primary" href={following} target="_blank" rel="noopener noreferrer" onClick={() => { room.following.value = null; }}>Open in a new tab</a> : <Button kind="primary" why="Only http and https addresses are opened from here.">Open</Button>}</>}>
      <p>A program printed it; it may lead anywhere.</p><pre class="term-paste">{following}</pre></Sheet>}
  </main>;
}

const keys: [string, string, string][] = [["Esc", "\u001b", "Esc"], ["Tab", "\t", "Tab"], ["↑", "\u001b[A", "Up"], ["↓", "\u001b[B", "Down"], ["/", "/", "Slash"]];

/** What screen keyboards lack. */
function KeyRow({ desk, room }: { desk: Desk; room: Room }) {
  const keep = (event: Event) => event.preventDefault(); // the screen keyboard stays where it is
  const press = (text: string) => { desk.type(room.focused.peek(), text); room.ctrl.value = false; };
  const key = ([face, text, name]: [string, string, string]) => <button key={name} type="button" aria-label={name} onPointerDown={keep} onClick={() => press(text)}>{face}</button>;
  return <div class="term-keys" role="toolbar" aria-label="Keys">
    {keys.slice(0, 2).map(key)}
    <button type="button" aria-pressed={room.ctrl.value} onPointerDown={keep} onClick={() => { room.ctrl.value = !room.ctrl.peek(); }}>Ctrl</button>
    {keys.slice(2).map(key)}
  </div>;
}
