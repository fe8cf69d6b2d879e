import "../style/terminal.css";
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api, ApiError, segment, sentence } from "../api";
import { navigate } from "../router";
import { denied } from "../session";
import { after, read, sizeOf, squeeze, stamp, type Cast } from "../terminal/cast";
import { Screen } from "../terminal/screen";
import { bytes, ended } from "../terminal/words";
import type { Recording } from "../types/terminal";
import { Ago, Button, Empty, Fact, Facts, Icon, Skeleton, Took, Trouble } from "../ui/basic";
import { Confirm } from "../ui/dialog";

const SPEEDS = [0.5, 1, 2, 4, 8, 16];
const SILENCE = 2;
const STEP = 5;
const TOO_MUCH = 64 * 1024 * 1024;

export default function RecordingPage({ id }: { id: string }) {
  const recording = useSignal<Recording | null>(null), cast = useSignal<Cast | null>(null), error = useSignal<string | null>(null), missing = useSignal(false), asking = useSignal(false);
  useEffect(() => {
    const left = new AbortController();
    void (async () => {
      try {
        const found = await api<Recording>(`/api/terminal/recordings/${segment(id)}`, { signal: left.signal });
        recording.value = found;
        if ((found.size ?? found.bytes_out) > TOO_MUCH) { error.value = `The recording has ${bytes(found.size)}, too much to play here. Download it, and play it with asciinema.`; return; }
        const response = await fetch(found.cast, { signal: left.signal, credentials: "same-origin", cache: "no-store" });
        if (!response.ok) throw new Error(response.status === 404 ? "The recording itself is not there any more; what is known of the shell is kept." : `The recording could not be fetched (${response.status}). Try again.`);
        cast.value = read(await response.text());
      } catch (cause) {
        if (left.signal.aborted) return;
        if (cause instanceof ApiError && cause.status === 404) missing.value = true; else error.value = sentence(cause);
      }
    })();
    return () => left.abort();
  }, [id]);
  const r = recording.value;
  if (missing.value) return <main id="page"><div class="title"><h1 tabIndex={-1}>Recording</h1></div><Empty title="There is no such recording" action={<a class="button" href="/terminal?view=recordings">Recordings</a>}>It was removed, is too old to be kept, or is not yours to see.</Empty></main>;
  return <main id="page" class="recording-page">
    <div class="title"><a class="button ghost only" href="/terminal?view=recordings" aria-label="Recordings" title="Recordings"><Icon name="left" /></a><h1 tabIndex={-1}>{r ? r.link : "Recording"}</h1><p>{r && <>opened <Ago at={r.opened_at} /> by {r.username}</>}</p>
      {r && <a class="button" href={r.cast} download={`${r.link}-${r.id}.cast`}><Icon name="download" />Download</a>}
      {r && <Button kind="danger" icon="remove" why={denied("admin", "Removing a recording") ?? (r.closed_at === null ? "The shell is still open." : null)} onClick={() => { asking.value = true; }}>Remove…</Button>}</div>
    {error.value && <Trouble text={error.value}><Button onClick={() => location.reload()}>Try again</Button></Trouble>}
    {r && <section class="panel pad recording-facts" aria-label="About the shell"><Facts>
      <Fact name="Link"><a href={`/links/${segment(r.link)}`}>{r.link}</a></Fact>
      <Fact name="From"><code>{r.remote_address}</code></Fact>
      <Fact name="Lasted"><Took from={r.opened_at} to={r.closed_at} ms={r.duration_ms} /></Fact>
      <Fact name="End">{ended(r.reason, r.exit_code)}</Fact>
      <Fact name="Printed"><span class="num">{bytes(r.closed_at === null ? null : r.bytes_out)}</span></Fact>
    </Facts></section>}
    {cast.value ? <Player cast={cast.value} /> : !error.value && <Skeleton label="Loading the recording" />}
    {asking.value && r && <Confirm title="Remove this recording?" act="Remove it" danger onClose={() => { asking.value = false; }} onConfirm={async () => { await api<void>(`/api/terminal/recordings/${segment(r.id)}`, { method: "DELETE" }); navigate("/terminal?view=recordings"); }}><p>What the shell on {r.link} printed cannot be replayed any more. That it was opened, by whom and when, stays in the history.</p></Confirm>}
  </main>;
}

function Player({ cast: whole }: { cast: Cast }) {
  const host = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen | null>(null);
  const short = useSignal(true), playing = useSignal(false), speed = useSignal(1), at = useSignal(0);
  const cast = short.value ? squeeze(whole, SILENCE) : whole;
  const state = useRef({ cast, next: 0, time: 0, frame: 0, since: 0 }).current;
  state.cast = cast;
  useEffect(() => {
    const here = new Screen({ fontSize: 13, scrollback: 5000, readOnly: true }, () => { /* a recording leads nowhere */ });
    here.mount(host.current!, "Replayed terminal");
    here.term.resize(whole.cols, whole.rows);
    screen.current = here;
    play();
    return () => { cancelAnimationFrame(state.frame); here.end(); };
  }, []);
  /** Shows everything up to a time; from the beginning when that lies behind. */
  const show = (time: number) => {
    const { term } = screen.current!, { moments, cols, rows } = state.cast;
    const to = after(moments, time);
    if (to < state.next) { term.reset(); term.resize(cols, rows); state.next = 0; }
    let text = "";
    for (; state.next < to; state.next++) {
      const moment = moments[state.next]!, size = moment.kind === "r" ? sizeOf(moment) : null;
      if (moment.kind === "o") text += moment.data;
      else if (size) { const before = text; text = ""; if (before) term.write(before); term.write("", () => term.resize(size.cols, size.rows)); }
    }
    if (text) term.write(text);
    state.time = time;
    if (Math.abs(at.peek() - time) >= 0.1 || time === 0 || time >= state.cast.length) at.value = time;
  };
  const tick = (now: number) => {
    const time = Math.min(state.cast.length, state.time + Math.min(0.5, (now - state.since) / 1000) * speed.peek());
    state.since = now;
    show(time);
    if (time >= state.cast.length) { playing.value = false; return; }
    state.frame = requestAnimationFrame(tick);
  };
  const play = () => {
    if (state.time >= state.cast.length) seek(0);
    playing.value = true;
    state.since = performance.now();
    state.frame = requestAnimationFrame(tick);
  };
  const pause = () => { playing.value = false; cancelAnimationFrame(state.frame); };
  // The slider rounds: its end is a little before the last thing that was printed.
  const seek = (time: number) => show(time > state.cast.length - 0.01 ? state.cast.length : Math.max(0, time));
  const faster = (by: number) => { speed.value = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed.peek()) + by))]!; };
  const silence = () => { pause(); short.value = !short.peek(); state.cast = short.peek() ? squeeze(whole, SILENCE) : whole; state.next = Infinity; show(0); };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || (event.target as HTMLElement).matches?.("button, input, select, a")) return;
      if (event.key === " ") { if (playing.peek()) pause(); else play(); }
      else if (event.key === "ArrowLeft") seek(state.time - STEP);
      else if (event.key === "ArrowRight") seek(state.time + STEP);
      else if (event.key === "+") faster(1);
      else if (event.key === "-") faster(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", pressed, true);
    return () => removeEventListener("keydown", pressed, true);
  }, []);
  return <section class="panel player" aria-label="Replay">
    <div class="term-body scrolls" tabIndex={0} aria-label="Replayed screen" role="region"><div class="term-host fixed" ref={host} /></div>
    <div class="player-bar">
      <Button kind="primary" icon={playing.value ? "pause" : "play"} label={playing.value ? "Pause (Space)" : "Play (Space)"} onClick={() => playing.value ? pause() : play()} />
      <span class="num player-time">{stamp(at.value)} / {stamp(cast.length)}</span>
      <input type="range" aria-label="Where in the recording" min={0} max={cast.length || 1} step="any" value={at.value} aria-valuetext={`${stamp(at.value)} of ${stamp(cast.length)}`} onInput={event => seek(Number((event.target as HTMLInputElement).value))} />
      <label class="choice"><span>Speed</span><select value={String(speed.value)} onChange={event => { speed.value = Number((event.target as HTMLSelectElement).value); }}>{SPEEDS.map(s => <option key={s} value={String(s)}>{s}×</option>)}</select></label>
      <label class="choice"><input type="checkbox" checked={short.value} onChange={silence} />Shorten silences</label>
    </div>
  </section>;
}
