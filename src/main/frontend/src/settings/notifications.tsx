import { useSignal } from "@preact/signals";
import { api, ApiError, post, segment, sentence } from "../api";
import { adjust, query } from "../router";
import { closed } from "../session";
import { events, type Channel, type ChannelTest, type ChannelWish, type Delivery } from "../types/settings";
import { Ago, Button, duration, Empty, Glyph, many, Panel, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { entries } from "./scope";
import { Check, Command, Configuration, Loaded, Mark, NoEntry, Note, Select, useLoad } from "./shared";

const State = ({ c }: { c: Channel }) => !c.enabled ? <Mark tone="off">Off</Mark> : c.failing_since ? <Mark tone="bad">Failing</Mark> : c.last_delivered_at ? <Mark tone="ok">Works</Mark> : <Mark tone="unknown">Not used yet</Mark>;
const where = (c: Channel) => c.kind === "mail" ? c.to.join(", ") : c.url ?? "";

const marks = { collecting: "unknown", waiting: "run", delivered: "ok", failed: "bad" } as const;
const states: readonly (readonly [string, string])[] = [["", "All"], ["waiting", "Waiting"], ["collecting", "Collecting"], ["delivered", "Delivered"], ["failed", "Failed"]];

export default function NotificationsPart() {
  const why = closed("admin", "Seeing notifications");
  const channels = useLoad<{ channels: Channel[] }>(why ? null : "/api/notifications/channels");
  const status = query.value.get("status") ?? "", only = query.value.get("channel") ?? "";
  const deliveries = useLoad<{ deliveries: Delivery[] }>(why ? null : `/api/notifications/deliveries?limit=50${status ? `&status=${encodeURIComponent(status)}` : ""}${only ? `&channel=${encodeURIComponent(only)}` : ""}`);
  const editing = useSignal<Channel | "new" | null>(null), ending = useSignal<Channel | null>(null);
  const tests = useSignal<Record<string, ChannelTest | "busy" | string>>({});
  if (why) return <NoEntry what="Notifications" why={why} />;
  const all = channels.value?.channels ?? [];
  const name = new Map(all.map(c => [c.id, c.name]));
  const refresh = () => { void channels.load(); void deliveries.load(); };
  const test = async (c: Channel) => {
    tests.value = { ...tests.peek(), [c.id]: "busy" };
    let said: ChannelTest | string;
    try { said = await post<ChannelTest>(`/api/notifications/channels/${segment(c.id)}/test`); } catch (cause) { said = sentence(cause); }
    tests.value = { ...tests.peek(), [c.id]: said };
    refresh();
  };
  const retry = async (d: Delivery) => {
    try { await post(`/api/notifications/deliveries/${segment(d.id)}/retry`); toast({ kind: "done", text: "It is tried again now." }); } catch (cause) { toast({ kind: "error", text: `It is not tried again: ${sentence(cause)}` }); }
    refresh();
  };
  const retryable = (d: Delivery) => d.status === "delivered" ? "It was delivered." : d.status === "collecting" ? "This summary still grows; it is sent when its minute is over." : null;
  const columns: Column<Delivery>[] = [
    { key: "state", title: "State", width: "104px", cell: d => <Mark tone={marks[d.status]}>{d.status.charAt(0).toUpperCase() + d.status.slice(1)}</Mark> },
    { key: "event", title: "Event", width: "150px", from: 620, cell: d => <code>{d.event}</code> },
    { key: "text", title: "Said", width: "minmax(160px,2fr)", cell: d => <span title={d.text}>{d.text}</span> },
    { key: "to", title: "To", width: "minmax(80px,.8fr)", from: 700, cell: d => name.get(d.channel) ?? <span class="dim">removed</span> },
    { key: "error", title: "Answer", width: "minmax(90px,1fr)", cell: d => d.last_error ? <span class="tone-bad" title={d.last_error}>{d.last_error}</span> : d.last_status ?? <span class="dim">–</span> },
    { key: "tries", title: "Tries", width: "52px", right: true, cell: d => d.attempts },
    { key: "at", title: "When", width: "88px", right: true, cell: d => <Ago at={d.created_at} /> },
    { key: "act", title: "", width: "84px", right: true, cell: d => <Button class="row-act" why={retryable(d)} onClick={() => void retry(d)}>Retry</Button> },
  ];
  const narrow = (d: Delivery) => <div class="two"><div><Glyph tone={marks[d.status]} label={d.status} /><span class="name">{d.text}</span>{!retryable(d) && <span class="end"><Button class="row-act" onClick={() => void retry(d)}>Retry</Button></span>}</div>
    <div class="dim"><span class="clip">{d.last_error ?? name.get(d.channel)}</span><span class="end"><Ago at={d.created_at} /></span></div></div>;
  const list = deliveries.value?.deliveries ?? [];
  return <div class="part-stack">
    <Panel title="Channels" aside={<Button class="end" kind="primary" icon="plus" onClick={() => { editing.value = "new"; }}>New channel…</Button>}>
      <Loaded of={channels} rows={3}>{() => all.length ? <ul class="channels">{all.map(c => { const tried = tests.value[c.id]; return <li key={c.id}>
        <div class="channel"><span class="outcome"><State c={c} /></span><div class="grow"><strong>{c.name}</strong> <span class="tag">{c.kind}</span><code class="clip" title={where(c)}>{where(c)}</code>
          <small>{c.events.join(", ")}{c.links.length ? `; only ${c.links.join(", ")}` : ""}{c.waiting ? `; ${many(c.waiting, "notice")} wait` : ""}</small></div>
          <div class="acts"><Button busy={tried === "busy"} onClick={() => void test(c)}>{tried === "busy" ? "Testing…" : "Test"}</Button><Button icon="pencil" label={`Edit ${c.name}`} onClick={() => { editing.value = c; }} /><Button icon="remove" label={`Remove ${c.name}`} onClick={() => { ending.value = c; }} /></div></div>
        {c.failing_since && <p class="said tone-bad"><Glyph tone="bad" /> Failing since <Ago at={c.failing_since} />: {c.last_error}</p>}
        {tried && tried !== "busy" && <p class="said" role="status">{typeof tried === "string" ? <><Glyph tone="bad" /> The test was not sent: {tried}</>
          : tried.delivered ? <><Glyph tone="ok" /> The test arrived{tried.status ? `: the receiver answered ${tried.status}` : ""} in {duration(tried.duration_ms)}.</> : <><Glyph tone="bad" /> The test did not arrive: {tried.error}</>}</p>}
      </li>; })}</ul> : <Empty title="Nobody is told of anything yet">A channel sends what you choose to a chat, a program or people: by webhook or by mail.</Empty>}</Loaded>
    </Panel>
    <section id="deliveries" class="panel table-panel bounded" aria-labelledby="deliveries-title">
      <header><h2 id="deliveries-title">Deliveries</h2>
        <label class="choice end"><span>State</span><select value={status} onChange={event => adjust({ status: (event.target as HTMLSelectElement).value })}>{states.map(([key, text]) => <option key={key} value={key}>{text}</option>)}</select></label>
        <label class="choice"><span>Channel</span><select value={only} onChange={event => adjust({ channel: (event.target as HTMLSelectElement).value })}><option value="">All</option>{all.map(c => <option key={c.id} value={c.id}>{c.name}</option>)}</select></label>
        <Button icon="again" label="Look again" onClick={refresh} /></header>
      <Loaded of={deliveries} rows={4}>{() => list.length ? <DataTable label="Deliveries" rows={list} columns={columns} id={d => d.id} narrow={narrow} /> : <Empty title={status || only ? "No delivery matches" : "Nothing was sent yet"}>{status || only ? "Choose another state or channel." : "What is told to somebody shows up here, with the receiver’s answer."}</Empty>}</Loaded>
    </section>
    <Configuration title="Configuration of notifications" keys={["notifications."]} />
    {editing.value && <ChannelSheet channel={editing.value === "new" ? null : editing.value} onClose={() => { editing.value = null; refresh(); }} />}
    {ending.value && <Confirm title={`Remove ${ending.value.name}?`} act="Remove the channel" danger onClose={() => { ending.value = null; }} onConfirm={async () => {
      await api(`/api/notifications/channels/${segment(ending.value!.id)}`, { method: "DELETE" });
      toast({ kind: "done", text: `${ending.value!.name} is removed.` });
      refresh();
    }}><p>Nothing is sent there any more{ending.value.waiting ? `, and ${many(ending.value.waiting, "notice")} that wait are dropped` : ""}. To pause it, edit it and switch it off.</p></Confirm>}
  </div>;
}

function ChannelSheet({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const name = useSignal(channel?.name ?? ""), kind = useSignal<string>(channel?.kind ?? "webhook"), url = useSignal(channel?.url ?? ""), secret = useSignal(""), to = useSignal(channel?.to.join(" ") ?? "");
  const chosen = useSignal<readonly string[]>(channel?.events ?? ["operation.failed", "operation.partial", "link.offline", "git.failed"]), only = useSignal(channel?.links.join(" ") ?? ""), verify = useSignal(!channel?.kinds.length || channel.kinds.includes("verify")), enabled = useSignal(channel?.enabled ?? true);
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null), made = useSignal<string | null>(null);
  const save = async () => {
    busy.value = true;
    failed.value = null;
    const wish: ChannelWish = {
      name: name.value.trim(), kind: kind.value as "webhook" | "mail", events: [...chosen.value], kinds: verify.value ? [] : ["script"], links: entries(only.value), enabled: enabled.value,
      ...(kind.value === "webhook" ? { url: url.value.trim(), ...(secret.value ? { secret: secret.value } : {}) } : { to: entries(to.value) }),
    };
    try {
      const saved = channel ? await api<Channel & { secret?: string }>(`/api/notifications/channels/${segment(channel.id)}`, { method: "PUT", body: wish }) : await post<Channel & { secret: string | null }>("/api/notifications/channels", wish);
      toast({ kind: "done", text: channel ? `${wish.name} is changed.` : `${wish.name} is made. Test it now.` });
      if (saved.secret) made.value = saved.secret; else onClose();
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); }
    busy.value = false;
  };
  const error = failed.value;
  if (made.value) return <Sheet title={`The secret of ${name.value.trim()}`} footer={<Button kind="primary" onClick={onClose}>I have copied it</Button>}>
    <p>The receiver checks with it that a notice is LinkOps’. This is the only time that it is shown.</p><Command text={made.value} label="Copy the secret" />
    <Note>Signature: <code>X-LinkOps-Signature: v1=HMAC-SHA256(timestamp.body)</code>; the timestamp is in <code>X-LinkOps-Timestamp</code>.</Note></Sheet>;
  return <Sheet title={channel ? `Edit ${channel.name}` : "New channel"} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void save()}>{channel ? "Save" : "Make the channel"}</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void save(); }}>
      <Field label="Name" value={name} autoFocus error={error?.field("name") ?? null} />
      <Select label="Kind" value={kind} options={[["webhook", "Webhook: a signed POST to an address"], ["mail", "Mail"]]} why={channel ? "The kind stays. Make another channel for the other one." : null} error={error?.field("kind") ?? null} />
      {kind.value === "webhook" ? <><Field label="Address" mono value={url} error={error?.field("url") ?? null} hint="https://… (or http), without user and password." />
        <Field label="Secret" type="password" autocomplete="new-password" value={secret} error={error?.field("secret") ?? null} hint={channel ? "Empty: the one it has stays." : "Empty: LinkOps makes one and shows it once."} /></>
        : <Field label="To" value={to} error={error?.field("to") ?? null} hint="Mail addresses, with spaces or commas between. Mail needs notifications.smtp_host in the configuration." />}
      <fieldset class="field"><legend>When</legend><div class="checks">{events.map(e => <Check key={e} label={<code>{e}</code>} on={chosen.value.includes(e)} onChange={on => { chosen.value = on ? [...chosen.value, e] : chosen.value.filter(x => x !== e); }} />)}</div>
        {error?.field("events") && <p class="note wrong-note">{error.field("events")}</p>}</fieldset>
      <Check label="Also operations that verify links" on={verify.value} onChange={on => { verify.value = on; }} />
      <Field label="Only these links" mono value={only} error={error?.field("links") ?? null} hint="tag:web, vm-*, type:VM, an id. Empty: all. With entries it says nothing of operations." />
      <Check label="Switched on" on={enabled.value} onChange={on => { enabled.value = on; }} />
      {error && !error.details["fields"] && <Trouble text={error.message} />}
    </form></Sheet>;
}
