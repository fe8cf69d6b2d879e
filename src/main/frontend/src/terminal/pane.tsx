import { useComputed, useSignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, segment } from "../api";
import { linkById } from "../live/fleet";
import type { Recording } from "../types/terminal";
import { Button, Glyph, Icon } from "../ui/basic";
import { toast } from "../ui/toast";
import { tastes, type Desk } from "./desk";
import { runs } from "./input";
import { Find } from "./find";
import { Screen } from "./screen";
import { bytes, failed, whyClosed } from "./words";

/** What the page and its panes share. */
export interface Room {
  focused: Signal<number>;
  /** The one pane that is shown; null for all. */
  only: Signal<number | null>;
  broadcast: Signal<boolean>;
  chosen: Signal<ReadonlySet<number>>;
  /** Ctrl of the key row: goes with the next character. */
  ctrl: Signal<boolean>;
  finding: Signal<number | null>;
  pasting: Signal<{ pane: number; text: string; paste: () => void } | null>;
  following: Signal<string | null>;
  picking: Signal<number | null>;
}

/** Keys that are the page's, also while a terminal has the focus. */
export const ours = (event: KeyboardEvent) =>
  event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey ? /^Digit[0-4]$/.test(event.code) : event.ctrlKey && event.shiftKey && !event.altKey && (event.code === "KeyB" || event.code === "KeyF");

const FIT_AFTER = 90;

export function PaneView({ desk, index, room, narrow }: { desk: Desk; index: number; room: Room; narrow: boolean }) {
  const pane = desk.panes.value[index]!;
  const host = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const note = useSignal<string | null>(null);
  const recorded = useSignal(false);
  const link = pane.link === null ? undefined : linkById.value.get(pane.link);
  const may = desk.youType.value;
  const open = pane.status === "connected" || pane.status === "connecting";
  const shown = narrow ? room.focused.value === index : room.only.value === null || room.only.value === index;
  const left = desk.left.value[index]!;
  const chosen = room.broadcast.value && room.chosen.value.has(index);
  const label = `Terminal ${index + 1}${pane.link ? `, ${pane.link}` : ""}. Alt 0 leaves it`;

  useEffect(() => {
    const here = new Screen({ fontSize: tastes.peek().fontSize }, uri => { room.following.value = uri; });
    const { term } = here;
    let past = 0, timer = 0, told = "";
    screen.current = here;
    here.mount(host.current!, label);
    const fit = () => {
      const size = desk.youType.peek() ? here.room() : desk.panes.peek()[index];
      if (!size || (desk.youType.peek() && !host.current?.offsetParent)) return;
      if (size.cols !== term.cols || size.rows !== term.rows) term.resize(size.cols, size.rows);
      const now = `${size.cols}x${size.rows}`;
      if (desk.youType.peek() && desk.connection.peek() === "live" && now !== told) { told = now; desk.resize(index, size.cols, size.rows); }
    };
    const soon = () => { clearTimeout(timer); timer = window.setTimeout(fit, FIT_AFTER); };
    const redraw = () => {
      // What filled the screen before was only heard from its middle on: a program that draws it all draws it again.
      if (term.buffer.active.type !== "alternate" || !desk.youType.peek() || term.rows < 2) return;
      desk.resize(index, term.cols, term.rows - 1);
      desk.resize(index, term.cols, term.rows);
    };
    const away = desk.look(index, {
      write: (data, done) => term.write(data, () => {
        if (past > 0 && (past -= data.length) <= 0) redraw();
        done();
      }),
      another: afresh => {
        note.value = null;
        if (afresh) term.reset();
        else { here.calm(); term.write("\r\n"); }
      },
      replay: bytes => { past = bytes; },
      note: text => { note.value = text; },
      text: () => here.text(),
    });
    term.onData(data => {
      if (past > 0) return;
      if (room.ctrl.peek() && /^[a-z@[\\\]^_ ]$/i.test(data)) {
        data = String.fromCharCode(data.toUpperCase().charCodeAt(0) & 31);
        room.ctrl.value = false;
      }
      desk.type(index, data);
    });
    term.onBinary(data => { if (past <= 0 && desk.youType.peek()) desk.attachment.raw(index, Uint8Array.from(data, c => c.charCodeAt(0))); });
    term.onSelectionChange(() => { if (tastes.peek().copyOnSelect && term.hasSelection()) navigator.clipboard?.writeText(term.getSelection()).catch(() => { /* not asked for by name: stays quiet */ }); });
    term.attachCustomKeyEventHandler(event => {
      if (event.ctrlKey && event.shiftKey && event.code === "KeyC") {
        if (event.type === "keydown" && term.hasSelection()) navigator.clipboard.writeText(term.getSelection()).catch(() => toast({ kind: "note", text: "The browser does not let this page copy (it does over HTTPS or on localhost)." }));
        event.preventDefault();
        return false;
      }
      // Ctrl Shift V stays the browser's: it pastes.
      return !ours(event) && !(event.ctrlKey && event.shiftKey && event.code === "KeyV");
    });
    const paste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const away = desk.connection.peek() !== "live";
      if (!runs(text) && !away) return;
      event.preventDefault();
      event.stopPropagation();
      if (away) { toast({ kind: "note", text: "Nothing was pasted: the connection is not there at the moment. Paste again when it is back." }); return; }
      room.pasting.value = { pane: index, text, paste: () => { term.paste(text); term.focus(); } };
    };
    const focused = () => { room.focused.value = index; };
    const element = host.current!;
    element.addEventListener("paste", paste, true);
    element.addEventListener("focusin", focused);
    const observer = new ResizeObserver(soon);
    observer.observe(element);
    const stops = [
      tastes.subscribe(({ fontSize, reader }) => { term.options.fontSize = fontSize; term.options.screenReaderMode = reader; soon(); }),
      desk.youType.subscribe(mine => { term.options.disableStdin = !mine; told = ""; soon(); }),
      desk.connection.subscribe(() => { told = ""; soon(); }),
      desk.panes.subscribe(() => { if (!desk.youType.peek()) soon(); }),
    ];
    void document.fonts.load('13px "JetBrains Mono Variable"').then(() => { term.options.fontFamily = `${term.options.fontFamily} `; soon(); });
    return () => {
      clearTimeout(timer);
      observer.disconnect();
      stops.forEach(stop => stop());
      away();
      element.removeEventListener("paste", paste, true);
      element.removeEventListener("focusin", focused);
      here.end();
    };
  }, []);
  useEffect(() => { screen.current?.name(label); }, [label]);
  useEffect(() => {
    // Only who opened it, the owner and admins may know.
    recorded.value = false;
    const session = pane.status === "connected" ? pane.session : null;
    if (!session) return;
    let here = true;
    // The list, as it is no error not to be in it.
    api<{ recordings: Recording[] }>("/api/terminal/recordings?limit=50").then(page => { if (here) recorded.value = page.recordings.some(r => r.id === session); }, () => { /* it is only a mark */ });
    return () => { here = false; };
  }, [pane.session, pane.status]);
  useEffect(() => { if (shown && room.focused.peek() === index && pane.status === "connected" && !document.querySelector("dialog[open]") && (document.activeElement === document.body || document.activeElement?.tagName === "H1")) screen.current?.term.focus(); }, [pane.status, shown]);

  const watching = `${desk.typist.value} types here. Take over first.`;
  const mine = may ? null : watching;
  const closed = whyClosed(pane);
  const notLive = desk.connection.value === "live" ? null : "The connection is not there at the moment.";
  const manage = useComputed(() => notLive ?? mine);
  return <section class={`term-pane${chosen ? " to-all" : ""}${room.focused.value === index ? " here" : ""}`} aria-label={`Pane ${index + 1}`} hidden={!shown}
    onPointerDown={event => { if (!(event.target as HTMLElement).closest("button, a, input, label")) room.focused.value = index; }}>
    <header>
      {room.broadcast.value && <label class="tick" title="Goes to this pane"><input type="checkbox" checked={chosen} disabled={pane.status !== "connected"} aria-label={`Broadcast to pane ${index + 1}`}
        onChange={() => { const next = new Set(room.chosen.peek()); if (!next.delete(index)) next.add(index); room.chosen.value = next; }} /></label>}
      <kbd title={`Alt ${index + 1} goes here`}>{index + 1}</kbd>
      {pane.link === null ? <strong class="dim">No link</strong> : <>
        <Glyph tone={pane.status === "connected" ? "ok" : pane.status === "connecting" ? "run" : failed(pane) ? "bad" : "off"} label={pane.status} />
        <a class="name" href={`/links/${segment(pane.link)}`} title={`${pane.link}: ${pane.status}`}>{pane.link}</a>
        {link && <span class="more dim"><code>{link.user}@{link.host}{link.port === 22 ? "" : `:${link.port}`}</code>{link.ssh.proxy_jump && <span class="via">via {link.ssh.proxy_jump}</span>}{link.health.latency_ms !== null && <span class="num">{link.health.latency_ms} ms</span>}</span>}
        {recorded.value && <span class="recorded" title="What this shell prints is recorded; what is typed is not."><i />Rec</span>}
      </>}
      <span class="spring" />
      {open && desk.connection.value !== "live" && <span class="pasting">Reconnecting…</span>}
      {left > 0 && <span class="num pasting" role="status">{bytes(left)} to go</span>}
      {pane.link !== null && !open && <Button kind="ghost" class="small" icon="plug" label={`Connect pane ${index + 1}`} why={manage.value} onClick={() => desk.connect(index)} />}
      {open && <Button kind="ghost" class="small" icon="offline" label={`Disconnect pane ${index + 1}`} why={manage.value} onClick={() => desk.disconnect(index)} />}
      <Button kind="ghost" class="small" icon="links" label={`Choose the link of pane ${index + 1}`} why={manage.value ?? (open ? "Disconnect first: a shell is open here." : null)} onClick={() => { room.picking.value = index; }} />
      {!narrow && desk.panes.value.length > 1 && <Button kind="ghost" class="small" icon={room.only.value === index ? "minimize" : "maximize"} label={room.only.value === index ? "Show all panes" : `Show only pane ${index + 1}`} onClick={() => { room.only.value = room.only.peek() === index ? null : index; room.focused.value = index; }} />}
    </header>
    {room.finding.value === index && <Find screen={screen} onClose={() => { room.finding.value = null; screen.current?.term.focus(); }} />}
    <div class="term-body">
      <div class="term-host" ref={host} />
      {pane.status === "empty" && <div class="term-cover"><p>This pane has no link yet.</p><Button icon="links" why={manage.value} onClick={() => { room.picking.value = index; }}>Choose a link…</Button></div>}
      {pane.status === "closed" && pane.reason === null && <div class="term-cover"><p>{pane.link} is chosen, and not connected.</p><Button icon="plug" why={manage.value} onClick={() => desk.connect(index)}>Connect</Button></div>}
      {pane.status === "connecting" && <div class="term-cover quiet-cover" role="status"><p>Connecting to {pane.link}…</p></div>}
    </div>
    {closed && <div class={`term-end${failed(pane) ? " bad" : ""}`} role={failed(pane) ? "alert" : "status"}><Icon name={failed(pane) ? "alert" : "info"} /><p>{closed}</p><Button icon="plug" why={manage.value} onClick={() => desk.connect(index)}>Connect</Button></div>}
    {note.value && <div class="term-end" role="alert"><Icon name="info" /><p>{note.value}</p><Button kind="ghost" class="small" icon="close" label="Close the note" onClick={() => { note.value = null; }} /></div>}
  </section>;
}
