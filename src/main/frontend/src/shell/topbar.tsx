import { useComputed, useSignal } from "@preact/signals";
import { ApiError, sentence } from "../api";
import { connection, git, heardAt, syncing, syncNow, troubled } from "../live/fleet";
import { changePassword, closed, logOut, me } from "../session";
import { theme, themes, type Theme } from "../theme";
import { age, Button, clock, Glyph, Icon, now, short } from "../ui/basic";
import { navigate } from "../router";
import type { GitState } from "../types/settings";
import { Menu } from "../ui/menu";
import { PasswordSheet } from "../pages/password";
import { toast } from "../ui/toast";
import { helpOpen, paletteOpen } from "./keys";
import { RunsTray } from "./tray";

/** Syncs and says how it went, wherever the button was. */
export async function syncAndTell(): Promise<void> {
  try {
    const sync = await syncNow();
    const diff = sync.diff;
    toast({ kind: "done", text: sync.changed && diff ? `Synced ${short(sync.commit)}: ${diff.added.length} links added, ${diff.changed.length} changed, ${diff.retired.length} retired.` : `Synced ${short(sync.commit)}: nothing new.` });
    if (sync.warnings.length) toast({ kind: "note", text: sync.warnings.join(" ") });
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === "SYNC_HELD") toast({ kind: "note", text: "The change was fetched and is held: an admin decides whether it is applied.", link: { to: "/settings/git", text: "Look at it" } });
    else toast({ kind: "error", text: `The sync failed: ${sentence(cause)}` });
  }
}

/** Whether the last thing that was fetched waits for an admin. */
const isHeld = () => {
  const state = git.value as GitState | null;
  return !!state?.held && !state.held.rejected_by && !state.last_sync?.success;
};

function GitChip() {
  const status = git.value;
  const words = useComputed(() => {
    const last = git.value?.last_sync;
    return last ? `${isHeld() ? "held" : last.success ? "synced" : "failed"} ${age(now.value - Date.parse(last.ended_at))} ago` : "never synced";
  });
  if (!status) return <span class="chip git"><Icon name="git" size={14} /><span class="dim">Git</span></span>;
  const held = isHeld();
  const failed = !held && status.last_sync !== null && !status.last_sync.success;
  const busy = syncing.value || status.syncing;
  return <div class="chip-pair">
    <a class={`chip git${failed ? " bad" : held ? " warn" : ""}`} href="/settings/git" title={held ? "A change waits for an admin" : status.commit_message ?? "No commit yet"}>
      <Icon name="git" size={14} /><span class="unseen">Git </span><code>{short(status.commit)}</code><span class="wide num">{busy ? "syncing…" : words}</span>{failed && <Glyph tone="bad" label="the last sync failed" />}{held && <Glyph tone="warn" label="a change waits for an admin" />}</a>
    <Button class="chip-button" icon="sync" label="Sync now" busy={busy} why={closed("operator", "Syncing")} onClick={() => void syncAndTell()} />
  </div>;
}

function LiveChip() {
  const state = connection.value, trouble = troubled.value;
  const live = state === "live" && !trouble;
  return <span class={live ? "chip live" : "chip live bad"} role="status" title={live ? "What you see is current." : trouble ?? "The connection is lost and will be made again by itself."}>
    <Glyph tone={live ? "ok" : state === "connecting" ? "unknown" : "warn"} />{live ? <span class="wide">Live</span> : state === "connecting" ? "Connecting" : <>Stale<span class="wide num"> as of {clock(heardAt.value)}</span></>}</span>;
}

const themeNames: Record<Theme, string> = { gray: "Gray", blue: "Blue", charcoal: "Charcoal", light: "Light" };

export function TopBar() {
  const who = me.value!;
  const password = useSignal(false);
  const leave = async () => {
    try { await logOut(); } catch (cause) { toast({ kind: "error", text: `You are still logged in: ${sentence(cause)}` }); }
  };
  return <><header class="bar">
    <a class="brand" href="/" aria-label="LinkOps, overview"><svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.4 20.3 7.2v9.6L12 21.6l-8.3-4.8V7.2z" fill="none" stroke="var(--accent)" stroke-width="3" stroke-dasharray="7.2 2.4" /></svg><span>LinkOps</span></a>
    <span class="spring" />
    <button type="button" class="goto" aria-haspopup="dialog" aria-keyshortcuts="Control+K Meta+K" onClick={() => { paletteOpen.value = true; }}><Icon name="search" /><span>Go to or do…</span><kbd>Ctrl K</kbd></button>
    <span class="spring" />
    <RunsTray />
    <LiveChip />
    <GitChip />
    <Menu label="Theme" class="button ghost only" face={<Icon name="theme" size={18} />} items={themes.map(t => ({ text: themeNames[t], checked: theme.value === t, act: () => { theme.value = t; } }))} />
    <Menu label={`Account: ${who.username}`} class="account" face={<><Icon name="user" size={18} /><span class="wide">{who.username}</span></>}
      head={<div class="menu-head"><strong>{who.username}</strong><span>Role: {who.role}</span>{who.expires_at && <span>Logged in until {clock(who.expires_at)}</span>}</div>}
      items={[
        { text: "Change password…", icon: "password", act: () => { password.value = true; } },
        { text: "My API tokens", icon: "key", act: () => navigate("/settings/tokens") },
        { text: "Keyboard shortcuts", icon: "keyboard", act: () => { helpOpen.value = true; } },
        { text: "Log out", icon: "logout", act: () => void leave() },
      ]} />
  </header>
  {password.value && <PasswordSheet onClose={() => { password.value = false; }} change={changePassword} />}</>;
}

