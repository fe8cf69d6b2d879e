import { computed, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { api } from "../api";
import { git, links, linksReady, operations, operationsReady, scripts, syncing } from "../live/fleet";
import { PasswordSheet } from "../pages/password";
import { newRun } from "../run";
import { changePassword, closed, denied, me } from "../session";
import { syncAndTell } from "../shell/topbar";
import { isOver } from "../types";
import { Button, count, Glyph, Icon, many, Panel, short, StatusMark } from "../ui/basic";
import { firstRun } from "./firstrun";
import { recall, remember } from "./store";
import { verifyMany } from "./verify";

const KEY = "checklist";
const BEGUN = "checklist.begun";
const PASSWORD = "password-mine";

/** Whether it may still be needed: nobody has finished or dismissed it in this browser, and the person may act on it. */
export const wanted = () => me.peek()?.role !== "viewer" && !me.peek()?.is_api_token && recall(KEY) === null;
/** Whether its steps were shown in this browser while some were still to do. */
export const begun = () => recall(BEGUN) !== null;
export const begin = () => remember(BEGUN, "yes");
export const putAway = (how: "done" | "dismissed") => remember(KEY, how);

const synced = computed(() => git.value?.commit != null);
const enrolled = computed(() => links.value.find(l => l.enrollment.status === "enrolled") ?? null);
const proposed = computed(() => firstRun(scripts.value, links.value));
const ran = computed(() => [...operations.value.values()].find(o => o.kind === "script" && isOver(o.status)) ?? null);

/** Whether the account's password was changed since it was made: null while that is being asked. */
export function usePasswordChanged() {
  const changed = useSignal<boolean | null>(null);
  useEffect(() => {
    const who = me.peek()!;
    // Only admins may read the audit; others were given their account by one.
    if (who.role !== "admin" || recall(PASSWORD) === who.username) { changed.value = true; return; }
    api<{ rows: unknown[] }>(`/api/audit?action=auth.password&result=success&limit=1&user=${encodeURIComponent(who.username)}`)
      .then(page => { changed.value = page.rows.length > 0; }, () => { changed.value = true; });
  }, []);
  return changed;
}

export const ready = (password: boolean | null) => password !== null && linksReady.value && operationsReady.value && git.value !== null;
export const finished = (password: boolean | null) => !!password && synced.value && enrolled.value !== null && ran.value !== null;

function Step({ n, title, done, now, said, children }: { n: number; title: string; done: boolean; now: boolean; said: ComponentChildren; children: ComponentChildren }) {
  return <li class={done ? "first-step done" : now ? "first-step now" : "first-step"} aria-current={now ? "step" : undefined}>
    <span class="first-mark" aria-hidden="true">{done ? <Icon name="check" /> : n}</span>
    <div class="grow"><h3>{title}<span class="unseen">{done ? " (done)" : " (to do)"}</span></h3><p>{said}</p></div>
    {!done && <div class="first-acts">{children}</div>}
  </li>;
}

/** The way from an empty LinkOps to the output of a first script. */
export function Checklist({ password, onLeave }: { password: { value: boolean | null }; onLeave: (how: "done" | "dismissed") => void }) {
  const asking = useSignal(false);
  const status = git.value, some = links.value, one = enrolled.value, first = ran.value, proposal = proposed.value;
  const done = [!!password.value, synced.value, one !== null, first !== null];
  const at = done.indexOf(false);
  const kind = (i: number) => i === at ? "primary" as const : undefined;
  const refused = some.filter(l => l.enrollment.status === "refused");
  const withPassword = me.value?.role === "admin";
  const steps = [
    withPassword && <Step key="password" n={1} title="Make the password your own" done={done[0]!} now={at === 0} said={done[0] ? "The password is known to you alone." : "The first account begins with a password that somebody else may have seen."}>
      <Button kind={kind(0)} icon="password" onClick={() => { asking.value = true; }}>Change password…</Button>
      <Button kind="ghost" onClick={() => { remember(PASSWORD, me.peek()!.username); password.value = true; }}>I chose it myself</Button></Step>,
    <Step key="git" n={2} title="Connect the Git repository" done={done[1]!} now={at === 1} said={done[1] ? <>The inventory is commit <code>{short(status!.commit)}</code>: {many(some.length, "link")}.</>
      : status?.url ? status.last_sync && !status.last_sync.success ? `The last sync failed: ${status.last_sync.error ?? ""}` : <>Machines and scripts are described in <code class="breaks">{status.url}</code>.</> : "No repository is configured. Set git.repository_url in linkops.yaml and restart LinkOps."}>
      <Button kind={kind(1)} icon="sync" busy={syncing.value} why={!status?.url ? "There is no repository to sync: set git.repository_url in linkops.yaml first." : closed("operator", "Syncing")} onClick={() => void syncAndTell()}>Sync now</Button>
      <a class="button ghost" href="/settings/git">Git settings</a></Step>,
    <Step key="enroll" n={3} title="Enroll the first machine" done={done[2]!} now={at === 2} said={one ? <>{one.id} has proved to be what links.yaml says.</>
      : refused.length ? <><StatusMark state="refused" /> {many(refused.length, "link")}: open one to see why and put it right.</> : some.length ? "LinkOps connects to each link, proves its host key and compares the id on it. Scripts run only where that holds." : "After the first sync, the machines of links.yaml are here to be verified."}>
      <Button kind={refused.length ? undefined : kind(2)} icon="verify" why={some.length ? denied("operator", "Verifying") : "There are no links yet: sync the repository first."} onClick={() => void verifyMany(["*"], some.length)}>Verify {some.length === 1 ? "it" : `all ${count(some.length)}`}</Button>
      {refused.length > 0 && <a class={`button${at === 2 ? " primary" : ""}`} href={refused.length === 1 ? `/links/${encodeURIComponent(refused[0]!.id)}` : "/links?q=enrollment%3Arefused"}>Put {refused.length === 1 ? "it" : "them"} right</a>}</Step>,
    <Step key="run" n={4} title="Run the first script" done={done[3]!} now={at === 3} said={first ? <><a href={`/operations/${encodeURIComponent(first.id)}`}>{first.scripts.join(", ")}</a> ran on {many(first.targets, "link")}.</>
      : one && proposal ? <><strong>{proposal.script.name}</strong> is a good one to begin with: {proposal.harmless}. You look it over before it starts, and its output comes in as it is written.</> : "Choose a script and links; the output comes in as it is written."}>
      {one && proposal && <Button kind={kind(3)} icon="play" why={denied("operator", "Running scripts")} onClick={() => newRun({ scripts: [proposal.script.id], flags: { [proposal.script.id]: proposal.flags }, picked: proposal.links })}>Run {proposal.script.id} on {many(proposal.links.length, "link")}…</Button>}
      <Button kind={one && proposal ? "ghost" : kind(3)} icon={one && proposal ? undefined : "play"} why={one ? denied("operator", "Running scripts") : "Scripts run on enrolled links: enroll one first."} onClick={() => newRun()}>New run</Button></Step>,
  ].filter(Boolean);
  const finishedAll = at === -1;
  return <Panel title={finishedAll ? "Everything is set up" : "First steps"} id="first-steps" class="first"
    aside={finishedAll ? <Button class="end" kind="primary" onClick={() => onLeave("done")}>Show the overview</Button> : <><span class="tally num">{done.filter(Boolean).length - (withPassword ? 0 : 1)} of {steps.length}</span><Button class="end" kind="ghost" icon="close" onClick={() => onLeave("dismissed")}>Dismiss</Button></>}>
    {finishedAll && <p class="calm"><Glyph tone="ok" />From now on this page shows what needs attention.</p>}
    <ol class="first-steps">{steps}</ol>
    {asking.value && <PasswordSheet onClose={() => { asking.value = false; }} change={async (current, next) => { await changePassword(current, next); password.value = true; }} />}
  </Panel>;
}
