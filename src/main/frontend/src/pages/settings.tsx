import "../style/settings.css";
import { useEffect, useRef } from "preact/hooks";
import { AsOf } from "../live/waiting";
import { git } from "../live/fleet";
import { parts, type PartId } from "../settings/parts";
import type { GitState } from "../types/settings";
import { Empty, Glyph, Icon } from "../ui/basic";
import { lazy } from "../ui/lazy";

const views: Record<PartId, ReturnType<typeof lazy>> = {
  git: lazy(() => import("../settings/git"), false, true),
  users: lazy(() => import("../settings/users"), false, true),
  tokens: lazy(() => import("../settings/tokens"), false, true),
  identity: lazy(() => import("../settings/identity"), false, true),
  secrets: lazy(() => import("../settings/secrets"), false, true),
  notifications: lazy(() => import("../settings/notifications"), false, true),
  retention: lazy(() => import("../settings/keeping").then(m => ({ default: m.RetentionPart })), false, true),
  health: lazy(() => import("../settings/keeping").then(m => ({ default: m.HealthPart })), false, true),
  backup: lazy(() => import("../settings/keeping").then(m => ({ default: m.BackupPart })), false, true),
  appearance: lazy(() => import("../settings/about").then(m => ({ default: m.AppearancePart })), false, true),
  about: lazy(() => import("../settings/about").then(m => ({ default: m.AboutPart })), false, true),
};

export default function SettingsPage({ part }: { part: string | null }) {
  const chosen = part === null ? null : parts.find(p => p.id === part) ?? null;
  const shown = chosen ?? (part === null ? parts[0] : null);
  const title = useRef<HTMLHeadingElement>(null), before = useRef(part);
  useEffect(() => {
    // A part is a page of its own to those who listen.
    if (before.current !== part && part) title.current?.focus({ preventScroll: true });
    before.current = part;
  }, [part]);
  const View = shown && views[shown.id];
  const held = (git.value as GitState | null)?.held;
  return <main id="page" class={part === null ? "settings at-list" : "settings"}>
    <div class="title"><h1 tabIndex={-1}>Settings</h1><p><AsOf /></p></div>
    <div class="settings-split">
      <nav class="settings-list" aria-label="Settings"><ul>{parts.map(p => <li key={p.id}><a href={`/settings/${p.id}`} aria-current={p.id === shown?.id ? "page" : undefined}>
        <Icon name={p.icon} /><span><strong>{p.text}</strong><small>{p.about}</small></span>
        {p.id === "git" && held && !held.rejected_by && <span class="end"><Glyph tone="warn" label="A change waits for an admin" /></span>}<span class="end narrow-only"><Icon name="right" /></span></a></li>)}</ul></nav>
      <div class="settings-part">
        {shown && <h2 class="part-title" tabIndex={-1} ref={title}><a class="button ghost only narrow-only" href="/settings" aria-label="All settings"><Icon name="left" /></a>{shown.text}</h2>}
        {View ? <View key={shown.id} /> : <Empty title="There is no such part" action={<a class="button" href="/settings">All settings</a>}>The settings have no part {part}.</Empty>}
      </div>
    </div>
  </main>;
}
