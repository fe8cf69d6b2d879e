/** The part of EventSource that is used, so that tests can stand in for it. */
export interface Source {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(name: string, heard: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface Surroundings {
  open(url: string): Source;
  later(act: () => void, ms: number): () => void;
  /** Finds out why a stream ended: returns when the session is good (again). */
  settle(): Promise<void>;
  random(): number;
}

export type StreamState = "connecting" | "live" | "lost" | "ended";

interface Handlers {
  event(name: string, data: string): void;
  state?(state: StreamState): void;
  /** A new connection of a stream that cannot resume: what was missed must be fetched. */
  opened?(): void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/**
 * An event stream that comes back: with growing pauses, after the last event that was handed on, and without handing
 * on any event twice. EventSource's own reconnect gives up on any HTTP error, so each connection is made anew here.
 */
export class EventStream {
  private source: Source | null = null;
  private cancel: (() => void) | null = null;
  private wait = FIRST_WAIT;
  private last = 0;
  private gapAt = 0;
  private over = false;

  constructor(
    private readonly url: string,
    private readonly names: readonly string[],
    /** Whether its events are counted, so that it goes on where it was; or which of them are. */
    private readonly resumes: boolean | ReadonlySet<string>,
    private readonly handlers: Handlers,
    private readonly around: Surroundings,
  ) {}

  start(): void {
    if (this.source || this.over) return;
    this.cancel?.();
    this.cancel = null;
    const source = this.around.open(this.resumes && this.last > 0 ? `${this.url}${this.url.includes("?") ? "&" : "?"}after=${this.last}` : this.url);
    this.source = source;
    source.onopen = () => {
      if (this.source !== source) return;
      this.handlers.state?.("live");
      this.handlers.opened?.();
    };
    source.onerror = () => { if (this.source === source) this.lost(); };
    for (const name of this.names) source.addEventListener(name, event => { if (this.source === source) this.heard(name, event); });
  }

  /** Lets go of the connection for a while; `start` goes on where this stopped. */
  pause(): void {
    this.cancel?.();
    this.cancel = null;
    this.source?.close();
    this.source = null;
  }

  /** Ends it for good. */
  end(): void {
    this.over = true;
    this.pause();
    this.handlers.state?.("ended");
  }

  private heard(name: string, event: MessageEvent<string>): void {
    const sequence = Number(event.lastEventId);
    // Events that are not counted carry the number of the one before them.
    const counted = this.resumes instanceof Set ? this.resumes.has(name) : this.resumes;
    if (counted && event.lastEventId !== "" && Number.isInteger(sequence)) {
      if (sequence <= this.last) return;
      // Something is missing: ask once more from where we were; if the server skips it again, there is nothing there.
      if (sequence > this.last + 1 && this.last > 0 && this.gapAt !== sequence) {
        this.gapAt = sequence;
        this.lost();
        return;
      }
      this.last = sequence;
    }
    this.wait = FIRST_WAIT;
    this.handlers.event(name, event.data);
  }

  private lost(): void {
    this.source?.close();
    this.source = null;
    if (this.over) return;
    this.handlers.state?.("lost");
    if (this.over) return; // whoever heard that may have ended it
    const pause = this.wait * (0.75 + this.around.random() / 2);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    this.cancel = this.around.later(() => {
      this.cancel = null;
      void this.around.settle().then(() => this.start(), () => this.start());
    }, pause);
  }
}
