import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, segment, sentence } from "../api";
import { scripts, scriptsCommit, scriptsReady, troubled } from "../live/fleet";
import { adjust, query } from "../router";
import { newRun } from "../run";
import { denied } from "../session";
import { syncAndTell } from "../shell/topbar";
import type { Script, ScriptSource } from "../types";
import { Button, Code, Copy, count, duration, Empty, Fact, Facts, Icon, many, short, Skeleton, Trouble } from "../ui/basic";
import { tokens } from "../ui/bash";

export const matches = (script: Script, text: string) => text.toLowerCase().split(/\s+/).filter(Boolean)
  .every(word => [script.id, script.name, script.description, script.path, ...script.tags.map(t => `tag:${t}`)].some(f => f.toLowerCase().includes(word)));

const SHOWN_LINES = 3000;

function Source({ text }: { text: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return <div class="source" tabIndex={0} role="region" aria-label="Source">
    <pre><code>{lines.slice(0, SHOWN_LINES).map((line, i) => <span class="code-line" key={i}><b>{i + 1}</b>{tokens(line).map(t => t.cls ? <span class={`t-${t.cls}`}>{t.text}</span> : t.text)}{"\n"}</span>)}</code></pre>
    {lines.length > SHOWN_LINES && <p class="pad dim">{count(lines.length - SHOWN_LINES)} more lines are in the repository.</p>}
  </div>;
}

function Detail({ script }: { script: Script }) {
  const source = useSignal<ScriptSource | null>(null), failed = useSignal<string | null>(null);
  useEffect(() => {
    const left = new AbortController();
    source.value = null;
    failed.value = null;
    api<ScriptSource>(`/api/scripts/${segment(script.id)}`, { signal: left.signal }).then(s => { source.value = s; }, cause => { if (!left.signal.aborted) failed.value = sentence(cause); });
    return () => left.abort();
  }, [script.id, scriptsCommit.value]);
  return <aside class="panel side script" aria-labelledby="script-title">
    <header><a class="button ghost only back" href="/scripts" aria-label="Back to the scripts"><Icon name="left" /></a><h2 id="script-title">{script.name}</h2>
      <Button kind="primary" icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun({ scripts: [script.id] })}>Run…</Button></header>
    <div class="script-facts"><p>{script.description}</p><Facts>
      <Fact name="Id"><code>{script.id}</code></Fact>
      <Fact name="File"><code class="breaks">{script.path}</code></Fact>
      <Fact name="Takes">{script.estimate_ms === null ? <span class="dim">no estimate</span> : `about ${duration(script.estimate_ms)}`}{script.timeout_ms !== null && <span class="dim">, ended after {duration(script.timeout_ms)}</span>}</Fact>
      <Fact name="Flags">{script.flags.length ? <span class="tags wraps">{script.flags.map(f => <code class="tag" key={f}>{f}</code>)}</span> : <span class="dim">none declared</span>}</Fact>
      {source.value && <Fact name="SHA-256"><Code text={source.value.sha256} label="Copy the checksum" /></Fact>}
    </Facts></div>
    <div class="source-head"><span>Source at <code>{short(source.value?.commit ?? scriptsCommit.value)}</code></span>{source.value && <Copy text={source.value.source} label="Copy the source" />}</div>
    {failed.value ? <Trouble text={failed.value} /> : source.value ? <Source text={source.value.source} /> : <Skeleton rows={12} label="Loading the source" />}
  </aside>;
}

export default function ScriptsPage({ id }: { id: string | null }) {
  const text = query.value.get("q") ?? "";
  const list = scripts.value.filter(s => matches(s, text));
  const chosen = scripts.value.find(s => s.id === id);
  return <main id="page" class={id ? "with-side" : ""}>
    <div class="title"><h1 tabIndex={-1}>Scripts</h1><p class="num">{scriptsReady.value && <>{many(scripts.value.length, "script")}{scriptsCommit.value && <> at <code>{short(scriptsCommit.value)}</code></>}</>}</p></div>
    <div class="beside scripts">
      <section class="panel table-panel" aria-label="Catalogue">
        <div class="tools"><div class="searchbox"><Icon name="search" /><input type="search" aria-label="Search scripts" placeholder="Search name, description, tag:" value={text} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })} /></div></div>
        {!scriptsReady.value ? troubled.value ? <Trouble text={troubled.value} /> : <Skeleton label="Loading the scripts" />
          : !scripts.value.length ? <Empty title="The catalogue is empty" action={<Button icon="sync" why={denied("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>}>Scripts are bash files described in scripts.yaml of the Git repository.</Empty>
          : !list.length ? <Empty title="No script matches" action={<Button onClick={() => adjust({ q: null })}>Clear the search</Button>} />
          : <ul class="rows scroll">{list.map(s => <li key={s.id}><a href={`/scripts/${encodeURIComponent(s.id)}${text ? `?q=${encodeURIComponent(text)}` : ""}`} aria-current={s.id === id ? "true" : undefined}>
            <Icon name="scripts" /><span class="grow"><strong>{s.name}</strong><small title={s.description}>{s.description}</small></span>
            <span class="tags">{s.tags.map(t => <span class="tag" key={t}>{t}</span>)}</span><span class="dim num takes">{s.estimate_ms === null ? "" : duration(s.estimate_ms)}</span></a></li>)}</ul>}
      </section>
      {chosen ? <Detail key={chosen.id} script={chosen} /> : id && scriptsReady.value ? <aside class="panel side"><Empty title="There is no such script" action={<a class="button" href="/scripts">All scripts</a>}>The catalogue has no {id} at this commit.</Empty></aside> : null}
    </div>
  </main>;
}
