/**
 * What is typed into one pane, on its way: in order, each piece once, and never more under way than the server surely
 * has room for. Every piece is answered by "taken" or by a refusal; after a refusal all further ones are refused, until
 * the pane has room again and the server was told that we know.
 */
export class PaneInput {
  /** UTF-16 units in one frame: at most three times as many bytes. */
  static readonly PIECE = 16 * 1024;
  static readonly UNDER_WAY = 4;

  private waiting: string[] = [];
  private sent: string[] = [];
  private again: string[] = [];
  private refused = false;
  private ready = false;

  constructor(private readonly send: (data: string) => void, private readonly resume: () => void, private readonly moved: () => void = () => {}) {}

  /** Characters that are not known to have arrived. */
  get left(): number {
    return [...this.sent, ...this.again, ...this.waiting].reduce((sum, piece) => sum + piece.length, 0);
  }

  type(text: string): void {
    this.waiting.push(...pieces(text));
    this.go();
  }

  taken(): void {
    this.sent.shift();
    this.go();
  }

  full(): void {
    const piece = this.sent.shift();
    if (piece === undefined) return;
    this.refused = true;
    this.again.push(piece);
    this.go();
  }

  roomAgain(): void {
    this.ready = true;
    this.go();
  }

  /** Nothing of it will arrive any more; answers how much that was. */
  drop(): number {
    const lost = this.left;
    this.waiting = [];
    this.sent = [];
    this.again = [];
    this.refused = this.ready = false;
    this.moved();
    return lost;
  }

  private go(): void {
    if (this.refused) {
      // What was sent after the refused piece is refused too: its answers come first.
      if (!this.ready || this.sent.length) return this.moved();
      this.refused = this.ready = false;
      this.waiting.unshift(...this.again);
      this.again = [];
      this.resume();
    }
    while (this.waiting.length && this.sent.length < PaneInput.UNDER_WAY) {
      // What was typed meanwhile goes together.
      let piece = this.waiting.shift()!;
      while (this.waiting.length && piece.length + this.waiting[0]!.length <= PaneInput.PIECE) piece += this.waiting.shift()!;
      this.sent.push(piece);
      this.send(piece);
    }
    this.moved();
  }
}

/** Pieces of valid text, no character cut in two. */
export function pieces(text: string, most = PaneInput.PIECE): string[] {
  const valid = text.replace(/\p{Surrogate}/gu, "�");
  const out: string[] = [];
  for (let at = 0; at < valid.length;) {
    let end = Math.min(valid.length, at + most);
    if (end < valid.length && /[\ud800-\udbff]/.test(valid[end - 1]!)) end--;
    out.push(valid.slice(at, end));
    at = end;
  }
  return out;
}

/** Whether something runs as soon as this is pasted: also one line, if its end comes with it. */
export const runs = (text: string) => /[\r\n]/.test(text);
export const lines = (text: string) => text.replace(/(?:\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/).length;
