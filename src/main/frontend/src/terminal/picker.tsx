import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { api, segment, sentence } from "../api";
import { parse } from "../filter";
import { links, linksReady } from "../live/fleet";
import type { Link } from "../types";
import type { Workspace } from "../types/terminal";
import { count, Glyph, Skeleton, StatusMark, tone, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import type { Desk } from "./desk";

const MOST = 60;

/** Why no terminal opens there, or null if one does. */
const refusal = (link: Link) => link.enrollment.status === "enrolled" ? null : link.enrollment.status === "unverified" ? "Not verified yet: verify it on its page first." : link.enrollment.error ?? "Not enrolled.";

/** Chooses the link of a pane and connects it. */
export function Picker({ desk, pane, onClose }: { desk: Desk; pane: number; onClose: () => void }) {
  const text = useSignal(""), at = useSignal(0), busy = useSignal<string | null>(null), error = useSignal<string | null>(null);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const found = useComputed(() => {
    const { test } = parse(text.value);
    const all = links.value.filter(test);
    const rank = (l: Link) => l.enrollment.status === "enrolled" ? 0 : 1;
    return { all: all.length, shown: all.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1)).slice(0, MOST) };
  });
  const { shown, all } = found.value;
  const cursor = Math.min(at.value, Math.max(0, shown.length - 1));
  useEffect(() => { list.current?.children[cursor]?.scrollIntoView({ block: "nearest" }); }, [cursor]);
  const choose = async (link: Link) => {
    const why = refusal(link);
    if (why) { error.value = `${link.id}: ${why}`; return; }
    busy.value = link.id;
    error.value = null;
    try {
      desk.shows(await api<Workspace>(`/api/terminal/workspaces/${segment(desk.id)}/panes`, { method: "PUT", body: { panes: [{ pane, link: link.id }] } }));
      desk.connect(pane);
      onClose();
    } catch (cause) {
      error.value = sentence(cause);
      busy.value = null;
    }
  };
  return <Sheet title={`Link for pane ${pane + 1}`} onClose={onClose}>
    <div class="stack picker">
      <input type="search" role="combobox" aria-expanded="true" aria-controls={id} aria-activedescendant={shown.length ? `${id}-${cursor}` : undefined} aria-label="Find a link" placeholder="Name, tag:prod, type:VM, …" value={text} data-autofocus="true" spellcheck={false} autocapitalize="none" autocomplete="off"
        onInput={event => { text.value = (event.target as HTMLInputElement).value; at.value = 0; }}
        onKeyDown={event => {
          if (event.key === "ArrowDown") at.value = Math.min(shown.length - 1, cursor + 1);
          else if (event.key === "ArrowUp") at.value = Math.max(0, cursor - 1);
          else if (event.key === "Enter" && shown[cursor]) void choose(shown[cursor]);
          else return;
          event.preventDefault();
        }} />
      {error.value && <Trouble text={error.value} />}
      {!linksReady.value ? <Skeleton label="Loading links" /> : !shown.length ? <p class="hint">{links.value.length ? "No link matches." : "The inventory has no links."}</p> :
        <ul class="options" role="listbox" id={id} aria-label="Links" ref={list}>{shown.map((link, i) => {
          const why = refusal(link);
          return <li key={link.id} id={`${id}-${i}`} role="option" aria-selected={i === cursor} aria-disabled={why ? "true" : undefined} aria-busy={busy.value === link.id || undefined} class={i === cursor ? "at" : undefined} onClick={() => { at.value = i; void choose(link); }}>
            <Glyph tone={tone(link.health.status)} label={link.health.status} /><span class="grow"><strong>{link.id}</strong><small>{why ?? `${link.user}@${link.host}${link.port === 22 ? "" : `:${link.port}`}${link.ssh.proxy_jump ? ` via ${link.ssh.proxy_jump}` : ""}`}</small></span>
            {why ? <StatusMark state={link.enrollment.status} /> : <span class="tag">{link.type}</span>}</li>;
        })}</ul>}
      {all > shown.length && <p class="hint">{count(all - shown.length)} more match: type more of the name.</p>}
    </div>
  </Sheet>;
}
