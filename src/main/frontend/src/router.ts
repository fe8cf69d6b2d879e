import { computed, signal } from "@preact/signals";

/** Where the page is. The address carries filter, order and tab, so that sharing it is copying it. */
export const address = signal(typeof location === "undefined" ? "/" : location.pathname + location.search);
export const path = computed(() => address.value.split("?")[0]!);
export const query = computed(() => new URLSearchParams(address.value.split("?")[1] ?? ""));

/** Matches `/links/:id` against a path; the parameters come decoded, null means another page. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const want = pattern.split("/").filter(Boolean);
  const have = actual.split("/").filter(Boolean);
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    const name = want[i]!;
    if (!name.startsWith(":")) {
      if (name !== have[i]) return null;
      continue;
    }
    try {
      found[name.slice(1)] = decodeURIComponent(have[i]!);
    } catch {
      return null;
    }
  }
  return found;
}

export function navigate(to: string, replace = false): void {
  if (to === address.peek()) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  address.value = to;
}

/** Changes some of the address's parameters without a new step in the history; null or "" drops one. */
export function adjust(changes: Record<string, string | null>): void {
  const next = new URLSearchParams(query.peek());
  for (const [key, value] of Object.entries(changes)) {
    if (value) next.set(key, value);
    else next.delete(key);
  }
  const text = next.toString();
  navigate(path.peek() + (text ? `?${text}` : ""), true);
}

/** A link inside the app, or null where the browser should follow it itself. */
export function inside(anchor: { href: string; target: string; download: string; origin?: string }, origin: string): string | null {
  if (anchor.target || anchor.download) return null;
  const url = new URL(anchor.href, origin);
  if (url.origin !== origin || url.pathname.startsWith("/api/") || url.pathname.startsWith("/assets/")) return null;
  return url.pathname + url.search;
}

export function listen(): void {
  addEventListener("popstate", () => { address.value = location.pathname + location.search; });
  addEventListener("click", event => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const anchor = (event.target as Element | null)?.closest?.("a[href]");
    if (!(anchor instanceof HTMLAnchorElement)) return;
    const to = inside(anchor, location.origin);
    if (to === null) return;
    event.preventDefault();
    navigate(to);
  });
}
