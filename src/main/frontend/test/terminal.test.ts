import { describe, expect, test } from "vitest";
import { Attachment, type Around, type Connection, type Socket } from "../src/terminal/attachment";
import { after, read, squeeze, stamp } from "../src/terminal/cast";
import { lines, PaneInput, pieces, runs } from "../src/terminal/input";
import type { Said, Workspace } from "../src/types/terminal";

describe("input", () => {
  test("a long paste arrives whole and in order at a pane that is full again and again", () => {
    const text = Array.from({ length: 60_000 }, (_, i) => `line ${i} 🚀\n`).join("");
    // A server with little room: takes what fits, refuses the rest until it was told that the client knows.
    let got = "", room = 3, refusing = false;
    const wire: (string | null)[] = [];
    const input = new PaneInput(data => wire.push(data), () => wire.push(null));
    input.type(text.slice(0, 300_000));
    input.type(text.slice(300_000));
    for (let turn = 0; turn < 10_000 && (wire.length || input.left); turn++) {
      if (!wire.length) { room = 3; input.roomAgain(); continue; }
      const piece = wire.shift()!;
      if (piece === null) refusing = false;
      else if (refusing || room === 0) { refusing = true; input.full(); }
      else { room--; got += piece; input.taken(); }
    }
    expect(got).toBe(text);
    expect(input.left).toBe(0);
  });

  test("a word that there is room is kept until all that was under way is answered", () => {
    const sent: string[] = [];
    const input = new PaneInput(data => sent.push(data), () => sent.push("resume"));
    input.type("a".repeat(PaneInput.PIECE * 2));
    expect(sent).toHaveLength(2);
    input.full();
    input.roomAgain();
    expect(sent).toHaveLength(2);
    input.full();
    expect(sent.slice(2)).toEqual(["resume", "a".repeat(PaneInput.PIECE), "a".repeat(PaneInput.PIECE)]);
  });

  test("pieces never cut a character, and lone surrogates become the replacement character", () => {
    expect(pieces("a🚀b", 2)).toEqual(["a", "🚀", "b"]);
    expect(pieces("x\ud800y")).toEqual(["x\ufffdy"]);
    expect(pieces("")).toEqual([]);
  });

  test("lines are counted as they would run", () => {
    expect([lines("one"), runs("one")]).toEqual([1, false]);
    expect([lines("one\n"), runs("one\n")]).toEqual([1, true]);
    expect(lines("one\r\ntwo")).toBe(2);
  });
});

class FakeSocket implements Socket {
  binaryType = "";
  onopen = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: unknown[] = [];
  constructor(readonly path: string) {}
  send(data: string | Uint8Array) { this.sent.push(typeof data === "string" ? JSON.parse(data) : data); }
  close() { /* left */ }
  say(said: object) { this.onmessage!({ data: JSON.stringify(said) }); }
  print(pane: number, offset: number, text: string) {
    const body = new TextEncoder().encode(text), frame = new Uint8Array(9 + body.length);
    frame[0] = pane;
    new DataView(frame.buffer).setBigUint64(1, BigInt(offset));
    frame.set(body, 9);
    this.onmessage!({ data: frame.buffer });
  }
}

const workspace = (end: number) => ({ id: "w", owner: "a", layout: "single", panes: [{ pane: 0, link: "x", status: "connected", start: 0, end }] }) as unknown as Workspace;

function attached(gone: string | null = null) {
  const sockets: FakeSocket[] = [], heard: string[] = [], said: Said[] = [], states: Connection[] = [], cuts: number[] = [], dones: (() => void)[] = [];
  let later: (() => void) | null = null;
  const around: Around = { open: path => { const socket = new FakeSocket(path); sockets.push(socket); return socket; }, later: act => { later = act; return () => { later = null; }; }, settle: async () => ({ gone }), random: () => 0.5 };
  const attachment = new Attachment("w", {
    output: (_, bytes, done) => { heard.push(new TextDecoder().decode(bytes)); dones.push(done); },
    said: frame => said.push(frame), greeted: () => {}, connection: state => states.push(state), cut: (_, n) => cuts.push(n),
  }, around);
  attachment.start();
  return { attachment, sockets, heard, said, states, cuts, dones, tick: async () => { later!(); await Promise.resolve(); await Promise.resolve(); } };
}

describe("attachment", () => {
  test("comes back behind the last byte and leaves out what comes twice", async () => {
    const a = attached();
    a.sockets[0]!.say({ type: "status", typist: "a", you_type: true, workspace: workspace(0) });
    a.sockets[0]!.print(0, 0, "hello ");
    a.sockets[0]!.onclose!({ code: 1006 });
    await a.tick();
    expect(a.sockets[1]!.path).toContain("after=0:6");
    a.sockets[1]!.say({ type: "status", typist: "a", you_type: true, workspace: workspace(11) });
    a.sockets[1]!.print(0, 4, "o world");
    expect(a.heard.join("")).toBe("hello world");
    expect(a.states).toEqual(["connecting", "live", "lost", "connecting", "live"]);
  });

  test("confirms only what is on the screen", () => {
    const a = attached();
    a.sockets[0]!.say({ type: "status", typist: "a", you_type: true, workspace: workspace(0) });
    a.sockets[0]!.print(0, 0, "x".repeat(40_000));
    expect(a.sockets[0]!.sent).toEqual([]);
    a.dones[0]!();
    expect(a.sockets[0]!.sent).toEqual([{ type: "ack", pane: 0, offset: 40_000 }]);
  });

  test("tells what was under way when the connection was cut, and sends none of it twice", async () => {
    const a = attached();
    a.sockets[0]!.say({ type: "status", typist: "a", you_type: true, workspace: workspace(0) });
    a.attachment.input[0]!.type("rm -r it\r");
    a.sockets[0]!.onclose!({ code: 1006 });
    expect(a.cuts).toEqual([9]);
    await a.tick();
    a.sockets[1]!.say({ type: "status", typist: "a", you_type: true, workspace: workspace(0) });
    expect(a.sockets[1]!.sent).toEqual([]);
  });

  test("an idle connection waits for the person; a closed workspace is over", async () => {
    const a = attached();
    a.sockets[0]!.onclose!({ code: 4001 });
    expect(a.states.at(-1)).toBe("idle");
    a.attachment.start();
    a.sockets[1]!.onclose!({ code: 4000 });
    expect(a.states.at(-1)).toBe("over");
    a.attachment.start();
    expect(a.sockets).toHaveLength(2);
    const b = attached("It is gone.");
    b.sockets[0]!.onclose!({ code: 1006 });
    await b.tick();
    expect(b.states.at(-1)).toBe("over");
  });
});

describe("asciicast", () => {
  const text = '{"version":2,"width":100,"height":30}\n[0.5,"o","$ "]\n[60,"r","80x20"]\n[61,"o","done"]\n[62,"o","cu';

  test("is read up to a line that is cut", () => {
    const cast = read(text);
    expect([cast.cols, cast.rows, cast.length, cast.moments.length]).toEqual([100, 30, 61, 3]);
    expect(() => read('{"version":1}')).toThrow("version 1");
    expect(() => read("<html>")).toThrow("no asciicast");
  });

  test("silences are shortened, order and text stay", () => {
    const cast = squeeze(read(text), 2);
    expect(cast.moments.map(m => m.at)).toEqual([0.5, 2.5, 3.5]);
    expect(cast.length).toBe(3.5);
  });

  test("finds its place and tells the time", () => {
    const { moments } = read(text);
    expect([after(moments, 0), after(moments, 0.5), after(moments, 60.5), after(moments, 99)]).toEqual([0, 1, 2, 3]);
    expect([stamp(0), stamp(61.9), stamp(3661)]).toEqual(["0:00", "1:01", "1:01:01"]);
  });
});
