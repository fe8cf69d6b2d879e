import { expect, test } from "vitest";
import { EventStream, type Source, type Surroundings } from "../src/live/stream";

class Fake implements Source {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  closed = false;
  private heard = new Map<string, (event: MessageEvent<string>) => void>();
  constructor(readonly url: string) {}
  addEventListener(name: string, heard: (event: MessageEvent<string>) => void) { this.heard.set(name, heard); }
  close() { this.closed = true; }
  say(name: string, data: string, lastEventId = "") { this.heard.get(name)?.({ data, lastEventId } as MessageEvent<string>); }
  break() { this.onerror?.({} as Event); }
  open() { this.onopen?.({} as Event); }
}

function world(resumes = true) {
  const sources: Fake[] = [], waits: number[] = [], got: string[] = [], states: string[] = [];
  let pending: (() => void) | null = null, opened = 0;
  let settle = () => Promise.resolve();
  const around: Surroundings = {
    open: url => { const s = new Fake(url); sources.push(s); return s; },
    later: (act, ms) => { waits.push(ms); pending = act; return () => { pending = null; }; },
    settle: () => settle(),
    random: () => 0.5,
  };
  const stream = new EventStream("/e", ["x"], resumes, { event: (_, data) => got.push(data), state: s => states.push(s), opened: () => { opened++; } }, around);
  return {
    stream, sources, waits, got, states, last: () => sources.at(-1)!, opened: () => opened,
    async retry() { const act = pending!; pending = null; act(); await new Promise(go => setTimeout(go)); },
    settleWith(by: () => Promise<void>) { settle = by; }, waiting: () => pending !== null,
  };
}

test("a lost stream goes on after the last event, and nothing comes twice", async () => {
  const w = world();
  w.stream.start();
  expect(w.last().url).toBe("/e");
  w.last().say("x", "one", "1");
  w.last().say("x", "two", "2");
  w.last().break();
  await w.retry();
  expect(w.last().url).toBe("/e?after=2");
  w.last().say("x", "two", "2");
  w.last().say("x", "three", "3");
  expect(w.got).toEqual(["one", "two", "three"]);
  expect(w.sources[0]!.closed).toBe(true);
});

test("for any cuts and any repeats every event comes once, in order", async () => {
  let seed = 5;
  const next = (n: number) => { seed = (seed * 48271) % 2147483647; return seed % n; };
  for (let round = 0; round < 100; round++) {
    const w = world(), all = Array.from({ length: 30 }, (_, i) => `e${i + 1}`);
    w.stream.start();
    while (w.got.length < all.length) {
      const after = Number(/after=(\d+)/.exec(w.last().url)?.[1] ?? 0);
      const from = Math.max(0, after - next(3)), to = Math.min(all.length, after + 1 + next(8));
      for (let i = from; i < to; i++) w.last().say("x", all[i]!, String(i + 1));
      if (w.got.length < all.length) { w.last().break(); await w.retry(); }
    }
    expect(w.got).toEqual(all);
  }
});

test("pauses between attempts grow to a limit, and start over after an event", async () => {
  const w = world();
  w.stream.start();
  for (let i = 0; i < 8; i++) { w.last().break(); await w.retry(); }
  expect(w.waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
  expect(Math.max(...w.waits)).toBe(15000);
  w.last().say("x", "back", "1");
  w.last().break();
  expect(w.waits.at(-1)).toBe(500);
});

test("a gap is asked for once more; if the server skips it again it is accepted", async () => {
  const w = world();
  w.stream.start();
  w.last().say("x", "one", "1");
  w.last().say("x", "four", "4");
  expect(w.got).toEqual(["one"]);
  await w.retry();
  expect(w.last().url).toBe("/e?after=1");
  w.last().say("x", "four", "4");
  expect(w.got).toEqual(["one", "four"]);
});

test("it waits until the session is good again before it goes on", async () => {
  const w = world();
  let login = () => {};
  w.settleWith(() => new Promise(go => { login = go; }));
  w.stream.start();
  w.last().say("x", "one", "1");
  w.last().break();
  await w.retry();
  expect(w.sources).toHaveLength(1);
  login();
  await new Promise(go => setTimeout(go));
  expect(w.last().url).toBe("/e?after=1");
});

test("a stream that cannot resume says when to fetch again", async () => {
  const w = world(false);
  w.stream.start();
  w.last().open();
  w.last().say("x", "a");
  w.last().break();
  await w.retry();
  expect(w.last().url).toBe("/e");
  w.last().open();
  expect(w.opened()).toBe(2);
  expect(w.states).toEqual(["live", "lost", "live"]);
});

test("what is ended stays ended, what is paused goes on where it was", async () => {
  const w = world();
  w.stream.start();
  w.last().say("x", "one", "1");
  w.stream.pause();
  expect(w.last().closed).toBe(true);
  w.stream.start();
  expect(w.last().url).toBe("/e?after=1");
  w.stream.end();
  w.stream.start();
  expect(w.sources).toHaveLength(2);
  w.sources[1]!.say("x", "late", "2");
  expect(w.got).toEqual(["one"]);
  expect(w.waiting()).toBe(false);
});

test("on a stream of two kinds only the counted events are resumed after", async () => {
  const sources: Fake[] = [], got: string[] = [];
  let again: (() => void) | null = null;
  const stream = new EventStream("/e?fleet=true", ["x", "news"], new Set(["x"]), { event: (name, data) => got.push(`${name} ${data}`) }, {
    open: url => { const s = new Fake(url); sources.push(s); return s; }, later: act => { again = act; return () => { again = null; }; }, settle: () => Promise.resolve(), random: () => 0.5,
  });
  stream.start();
  sources[0]!.say("x", "one", "1");
  sources[0]!.say("news", "a", "1"); // the browser gives it the id of the event before
  sources[0]!.say("news", "b", "1");
  sources[0]!.break();
  again!();
  await new Promise(go => setTimeout(go));
  expect(sources[1]!.url).toBe("/e?fleet=true&after=1");
  sources[1]!.say("news", "c");
  sources[1]!.say("x", "one", "1");
  sources[1]!.say("x", "two", "2");
  expect(got).toEqual(["x one", "news a", "news b", "news c", "x two"]);
});
