import { git } from "../live/fleet";
import { compact, theme, themes, utc, type Theme } from "../theme";
import type { Version } from "../types/settings";
import { Button, clock, Code, Fact, Facts, Glyph, Icon, now, Panel, short } from "../ui/basic";
import { helpOpen } from "../shell/keys";
import { Loaded, useLoad } from "./shared";

const names: Record<Theme, [string, string]> = { gray: ["Gray", "woven"], blue: ["Blue", "blueprint"], charcoal: ["Charcoal", "leather"], light: ["Light", "paper"] };

function Choice<T extends string>({ name, legend, value, options, set }: { name: string; legend: string; value: T; options: readonly (readonly [T, string, string])[]; set: (value: T) => void }) {
  return <fieldset class="choices"><legend>{legend}</legend><div>{options.map(([key, text, about]) => <label key={key} class="pick"><input type="radio" name={name} checked={value === key} onChange={() => set(key)} />
    {name === "theme" && <span class={`swatch swatch-${key}`} aria-hidden="true"><i /><i /><i /></span>}<span><strong>{text}</strong><small>{about}</small></span></label>)}</div></fieldset>;
}

export function AppearancePart() {
  return <Panel><div class="pad stack">
    <p class="dim">Kept in this browser, for you alone.</p>
    <Choice name="theme" legend="Theme" value={theme.value} set={t => { theme.value = t; }} options={themes.map(t => [t, ...names[t]] as const)} />
    <Choice name="density" legend="Rows of tables" value={compact.value ? "compact" : "normal"} set={v => { compact.value = v === "compact"; }} options={[["normal", "Normal", "34 pixels"], ["compact", "Compact", "28 pixels"]]} />
    <Choice name="times" legend="Times" value={utc.value ? "utc" : "local"} set={v => { utc.value = v === "utc"; }} options={[["local", "Local", Intl.DateTimeFormat().resolvedOptions().timeZone], ["utc", "UTC", "as logs have them"]]} />
    <p>It is <span class="num">{clock(now.value)}</span>.</p>
  </div></Panel>;
}

export function AboutPart() {
  const version = useLoad<Version>("/api/version"), ready = useLoad<{ status: string; rooms: Record<string, string> }>("/readyz");
  return <div class="part-stack">
    <Panel title="LinkOps"><Loaded of={version} rows={3}>{v => <div class="pad"><Facts>
      <Fact name="Version"><Code text={v.version} label="Copy the version" /></Fact>
      <Fact name="Commit">{v.commit ? <Code text={v.commit} label="Copy the commit" /> : <span class="dim">the build was not told</span>}</Fact>
      <Fact name="Java"><code>{v.java}</code></Fact>
      <Fact name="Inventory">{git.value?.commit ? <code>{short(git.value.commit)}</code> : <span class="dim">none yet</span>}</Fact></Facts></div>}</Loaded></Panel>
    <Panel title="Its parts"><Loaded of={ready} rows={3}>{r => <ul class="rooms">{Object.entries(r.rooms).map(([room, state]) => <li key={room}><Glyph tone={state === "ok" ? "ok" : "bad"} />{room}<span class="dim">{state === "ok" ? "answers" : state}</span></li>)}</ul>}</Loaded></Panel>
    <Panel title="To read"><ul class="rows">
      <li><a href="/api/docs" target="_blank" rel="noopener"><Icon name="scripts" /><span class="grow"><strong>The API</strong><small>Every call, to read and to try</small></span></a></li>
      <li><a href="/api/openapi.yaml" target="_blank" rel="noopener"><Icon name="download" /><span class="grow"><strong>openapi.yaml</strong><small>The same for programs</small></span></a></li>
      <li><a href="/assets/licenses.txt" target="_blank" rel="noopener"><Icon name="info" /><span class="grow"><strong>Licences</strong><small>Of the parts these pages are made of</small></span></a></li></ul>
      <div class="pad stack"><p class="dim">Guides are in the folder docs of LinkOps’ source; commands in <code>man linkops</code>.</p><div><Button icon="keyboard" onClick={() => { helpOpen.value = true; }}>Keyboard shortcuts</Button></div></div></Panel>
  </div>;
}
