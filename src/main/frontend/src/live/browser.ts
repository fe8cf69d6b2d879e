import { api } from "../api";
import type { EventStream, Surroundings } from "./stream";

/** The real thing: EventSource with the session's cookie. */
export const browser: Surroundings = {
  open: url => new EventSource(url),
  later: (act, ms) => { const timer = setTimeout(act, ms); return () => clearTimeout(timer); },
  settle: async () => { await api("/api/auth/me"); },
  random: Math.random,
};

const HIDDEN_FOR = 20_000;

/**
 * Keeps a stream open while the tab is looked at. Browsers allow six connections to one server over HTTP/1.1, so tabs
 * in the background let theirs go and catch up when they come to the front.
 */
export function whileVisible(stream: EventStream): () => void {
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") stream.start();
    else timer = window.setTimeout(() => stream.pause(), HIDDEN_FOR);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("online", look);
    stream.end();
  };
}
