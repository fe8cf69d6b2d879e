import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { denied } from "../session";
import type { Link } from "../types";
import type { MaintenanceWindow } from "../types/fleet";
import { Ago, Button, many, now, Panel, Skeleton, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { toast } from "../ui/toast";
import { fetchLink } from "./one";

const HOUR = 3_600_000;
const spans: [string, number][] = [["1 hour", HOUR], ["4 hours", 4 * HOUR], ["1 day", 24 * HOUR], ["1 week", 7 * 24 * HOUR]];
const at = (time: string) => new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
/** As an input of the type datetime-local wants it: the wall's time here. */
export const local = (ms: number) => { const d = new Date(ms); return new Date(ms - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16); };

function MaintenanceSheet({ link, onClose, onMade }: { link: Link; onClose: () => void; onMade: (made: MaintenanceWindow) => void }) {
  const reason = useSignal(""), from = useSignal(""), until = useSignal(local(Date.now() + HOUR)), busy = useSignal(false), failed = useSignal<ApiError | null>(null), tried = useSignal(false);
  const ids = [useId(), useId()];
  const start = from.value ? Date.parse(from.value) : now.value, end = Date.parse(until.value);
  const wrong = Number.isNaN(end) ? "Say when it ends." : end <= start ? "It has to end after it begins." : null;
  const save = async () => {
    tried.value = true;
    if (wrong || !reason.peek().trim() || busy.peek()) return;
    busy.value = true;
    failed.value = null;
    try {
      const made = await post<MaintenanceWindow>("/api/maintenance", { targets: [link.id], from: from.peek() ? new Date(from.peek()).toISOString() : null, until: new Date(until.peek()).toISOString(), reason: reason.peek().trim() });
      onMade(made);
      onClose();
      toast({ kind: "done", text: `Maintenance of ${link.id} until ${at(made.until)}: it is checked, but alarms nobody.` });
    } catch (cause) {
      failed.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause));
      busy.value = false;
    }
  };
  const timeError = failed.value?.field("until") ?? failed.value?.field("from") ?? (tried.value ? wrong : null);
  return <Sheet title={`Maintenance of ${link.id}`} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" icon="maintenance" busy={busy.value} onClick={() => void save()}>Open the window</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void save(); }}>
      <p class="dim">Checks go on; changes of state alarm nobody. What changed and stays so is told at the end.</p>
      <Field label="Reason" value={reason} autoFocus error={failed.value?.field("reason") ?? (tried.value && !reason.value.trim() ? "Say why, for whoever wonders." : null)} />
      <div class="quick" role="group" aria-label="For how long">{spans.map(([text, ms]) => <button key={text} type="button" class="filter" onClick={() => { until.value = local((from.peek() ? Date.parse(from.peek()) : Date.now()) + ms); }}>{text}</button>)}</div>
      <div class="pair"><div class="field"><label for={ids[0]}>From</label><input id={ids[0]} type="datetime-local" value={from.value} onInput={event => { from.value = event.currentTarget.value; }} /><p class="note">Left empty: from now on.</p></div>
        <div class={timeError ? "field wrong" : "field"}><label for={ids[1]}>Until</label><input id={ids[1]} type="datetime-local" value={until.value} aria-invalid={timeError ? "true" : undefined} aria-describedby={`${ids[1]}-note`} onInput={event => { until.value = event.currentTarget.value; }} /><p class="note" id={`${ids[1]}-note`}>{timeError ?? "In your own time zone."}</p></div></div>
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {failed.value && !failed.value.details["fields"] && <Trouble text={failed.value.message} />}
    </form>
  </Sheet>;
}

/** The link's maintenance windows that are open or to come. */
export function Maintenance({ link }: { link: Link }) {
  const list = useSignal<MaintenanceWindow[] | null>(null), failed = useSignal<string | null>(null), asking = useSignal(false), ending = useSignal<string | null>(null);
  const fetch = () => api<{ windows: MaintenanceWindow[] }>("/api/maintenance").then(a => { list.value = a.windows.filter(w => w.links.includes(link.id)); failed.value = null; }, cause => { failed.value = sentence(cause); });
  useEffect(() => { void fetch(); }, [link.id, link.health.maintenance]);
  const end = async (w: MaintenanceWindow) => {
    ending.value = w.id;
    try {
      await post(`/api/maintenance/${segment(w.id)}/end`);
      await Promise.all([fetch(), fetchLink(link.id)]);
      toast({ kind: "done", text: "The maintenance window is ended." });
    } catch (cause) {
      toast({ kind: "error", text: `The window was not ended: ${sentence(cause)}` });
    }
    ending.value = null;
  };
  return <Panel title="Maintenance" aside={<Button class="end" icon="maintenance" why={link.retired ? "It is retired." : denied("operator", "Opening a maintenance window")} onClick={() => { asking.value = true; }}>Open a window…</Button>}>
    {failed.value && <Trouble text={failed.value}><Button onClick={() => void fetch()}>Try again</Button></Trouble>}
    {list.value === null ? !failed.value && <Skeleton rows={2} label="Loading the maintenance windows" /> : list.value.length ? <ul class="rows still">{list.value.map(w => <li key={w.id}><span class="grow"><strong>{w.reason}</strong><small>{Date.parse(w.from) > now.value ? `from ${at(w.from)} ` : ""}until {at(w.until)} · {w.created_by}{w.links.length > 1 && ` · ${many(w.links.length, "link")} (${w.targets.join(", ")})`} · opened <Ago at={w.created_at} /></small></span>
      <Button busy={ending.value === w.id} why={denied("operator", "Ending a maintenance window")} onClick={() => void end(w)}>End{w.links.length > 1 ? " for all" : ""}</Button></li>)}</ul> : <p class="calm dim">No window is open or to come.</p>}
    {asking.value && <MaintenanceSheet link={link} onClose={() => { asking.value = false; }} onMade={made => { list.value = [...list.peek() ?? [], made]; void fetchLink(link.id).catch(() => { /* the stream of events brings it */ }); }} />}
  </Panel>;
}
