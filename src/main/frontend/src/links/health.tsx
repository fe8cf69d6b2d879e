import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, post, segment, sentence } from "../api";
import { denied } from "../session";
import { adjust, query } from "../router";
import type { Link } from "../types";
import type { Act, Change, Check, LinkHealth } from "../types/fleet";
import { Ago, Button, count, duration, Empty, Glyph, many, Panel, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { toast } from "../ui/toast";
import { TimeChart } from "./chart";
import { Maintenance } from "./maintenance";
import { fetchLink } from "./one";
import { Latency } from "./sections";

const acts: [Act, string][] = [["dns", "Find the address"], ["tcp", "Reach the port"], ["key_exchange", "Agree on keys"], ["host_key", "Compare the host key"], ["login", "Log in"], ["client_id", "Read the client id"]];
const ranges: [key: string, text: string, ms: number][] = [["1h", "Hour", 3_600_000], ["24h", "Day", 86_400_000], ["7d", "Week", 7 * 86_400_000], ["30d", "Month", 30 * 86_400_000]];

/** The acts of the last check, for each hop: from a check made here, or as far as the link's state tells. */
function Stages({ link, check }: { link: Link; check: Check | null }) {
  const h = link.health;
  const hops = check ? [...new Set(check.stages.map(s => s.hop))] : [h.hop ?? link.id];
  if (!check && !h.checked_at) return <p class="calm dim">It was not checked yet. “Check now” looks at each stage.</p>;
  return <>{hops.map(hop => {
    const mine = check?.stages.filter(s => s.hop === hop) ?? null;
    const failedAt = mine ? mine.find(s => !s.passed)?.act ?? null : h.stage as Act | null;
    const stop = acts.findIndex(([act]) => act === failedAt);
    return <div key={hop} class="hop">{hops.length > 1 || hop !== link.id ? <h4>{hop === link.id ? hop : <a href={`/links/${encodeURIComponent(hop)}?tab=health`}>{hop}</a>}</h4> : null}
      <ol class="stages" aria-label={`Stages of ${hop}`}>{acts.map(([act, title], i) => {
        const stage = mine?.find(s => s.act === act);
        const state = stage ? stage.passed ? "ok" : "bad" : stop >= 0 ? i < stop && !mine ? "ok" : i === stop ? "bad" : "off" : mine ? check!.kept_connection && i < 5 ? "kept" : "off" : "ok";
        if (hop !== link.id && act === "client_id") return null;
        return <li key={act} class={`stage-${state}`}><Glyph tone={state === "ok" || state === "kept" ? "ok" : state === "bad" ? "bad" : "off"} /><span>{title}</span><span class="num dim">{stage ? duration(stage.took_ms) : state === "kept" ? "kept open" : state === "bad" ? "failed" : state === "off" ? "not reached" : "passed"}</span></li>;
      })}</ol></div>;
  })}
  {(check?.error ?? h.error) && <div class="pad"><Trouble text={(check?.error ?? h.error)!} /></div>}</>;
}

const ChangeRow = ({ c }: { c: Change }) => <li><StatusMark state={c.to} /><span class="grow"><strong>{c.from} → {c.to}</strong>{(c.error ?? c.reason) && <small title={c.error ?? ""}>{c.error ?? c.reason!.replaceAll("_", " ")}{c.hop && ` (at ${c.hop})`}</small>}</span>{c.maintenance && <span class="tag">in maintenance</span>}<span class="dim"><Ago at={c.at} /></span></li>;

export function Health({ link, last }: { link: Link; last: Signal<Check | null> }) {
  const asked = ranges.find(([key]) => key === query.value.get("range")) ?? ranges[1]!;
  const health = useSignal<LinkHealth | null>(null), failed = useSignal<string | null>(null), busy = useSignal(false), all = useSignal(false), round = useSignal(0);
  useEffect(() => {
    const left = new AbortController();
    const now = Date.now();
    api<LinkHealth>(`/api/links/${segment(link.id)}/health?from=${new Date(now - asked[2]).toISOString()}&to=${new Date(now + 1000).toISOString()}&points=96`, { signal: left.signal })
      .then(h => { health.value = h; failed.value = null; }, cause => { if (!left.signal.aborted) failed.value = sentence(cause); });
    return () => left.abort();
  }, [link.id, asked[0], link.health.checked_at, round.value]);
  const check = async () => {
    busy.value = true;
    try {
      const found = await post<Check>(`/api/links/${segment(link.id)}/check`);
      last.value = found;
      await fetchLink(link.id);
      round.value++;
    } catch (cause) {
      toast({ kind: "error", text: `${link.id} was not checked: ${sentence(cause)}` });
    }
    busy.value = false;
  };
  const h = health.value;
  const checks = h?.buckets.reduce((n, b) => n + b.checks, 0) ?? 0, failures = h?.buckets.reduce((n, b) => n + b.failures, 0) ?? 0;
  const changes = h ? [...h.changes].reverse() : [];
  const checked = last.value && last.value.at >= (link.health.checked_at ?? "") ? last.value : null;
  return <div class="columns"><div>
    <Panel title="Latency" aside={<div class="tabs end" role="group" aria-label="Time range">{ranges.map(([key, text]) => <button key={key} type="button" aria-pressed={key === asked[0]} onClick={() => adjust({ range: key === "24h" ? null : key })}>{text}</button>)}</div>}>
      {failed.value && <Trouble text={failed.value}><Button onClick={() => { round.value++; }}>Try again</Button></Trouble>}
      <dl class="latencies"><div><dt>Now</dt><dd><Latency link={link} /></dd></div><div><dt>Checks passed</dt><dd class="num">{checks ? `${uptime(checks, failures)} %` : "–"}</dd></div><div><dt>Checks</dt><dd class="num">{count(checks)}{failures > 0 && <span class="tone-bad"><Glyph tone="bad" /> {count(failures)} failed</span>}</dd></div></dl>
      <div class="chart-place">{!h ? !failed.value && <Skeleton rows={6} label="Loading the health" /> : checks ? <TimeChart buckets={h.buckets} from={Date.parse(h.from)} to={Date.parse(h.to)} /> : <Empty title="No check in this time">LinkOps checks each link now and then; “Check now” does it at once.</Empty>}</div>
    </Panel>
    <Panel title="Changes of state">
      {!h ? failed.value ? <p class="calm dim">Not known, as the health could not be fetched.</p> : <Skeleton rows={4} label="Loading the changes" /> : changes.length ? <ul class="rows still">{(all.value ? changes : changes.slice(0, 10)).map(c => <ChangeRow key={c.at + c.to} c={c} />)}</ul> : <p class="calm dim">None in this time.</p>}
      {changes.length > 10 && !all.value && <p class="hint"><Button kind="ghost" onClick={() => { all.value = true; }}>Show all {many(changes.length, "change")}</Button></p>}
    </Panel>
  </div><div>
    <Panel title="Stages of the last check" id="stages" aside={<Button class="end" icon="health" busy={busy.value} why={link.retired ? "It is retired." : denied("operator", "Checking health")} onClick={() => void check()}>{busy.value ? "Checking…" : "Check now"}</Button>}>
      <p class="calm"><StatusMark state={link.health.status} />{link.health.since && <span class="dim">since <Ago at={link.health.since} /></span>}<span class="end dim">checked <Ago at={link.health.checked_at} /></span></p>
      <Stages link={link} check={checked} />
    </Panel>
    <Maintenance link={link} />
  </div></div>;
}

/** Never rounded up to a hundred when something failed. */
export const uptime = (checks: number, failures: number) => failures === 0 ? "100" : (Math.floor((checks - failures) / checks * 10_000) / 100).toFixed(2);
