import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { expired } from "./api";
import { connection, follow } from "./live/fleet";
import { LoginPage, LoginSheet } from "./pages/login";
import { draft } from "./run";
import { match, path } from "./router";
import { me, unreachable, whoAmI } from "./session";
import { HelpSheet, helpOpen, paletteOpen, useChords } from "./shell/keys";
import { Rail } from "./shell/rail";
import { TopBar } from "./shell/topbar";
import { Button, Empty, Trouble } from "./ui/basic";
import { lazy } from "./ui/lazy";
import { Toasts } from "./ui/toast";

const Overview = lazy(() => import("./pages/overview"));
const LinksPage = lazy(() => import("./pages/links"));
const LinkPage = lazy<{ id: string }>(() => import("./pages/link"));
const ScriptsPage = lazy<{ id: string | null }>(() => import("./pages/scripts"));
const OperationsPage = lazy(() => import("./pages/operations"));
const OperationPage = lazy<{ id: string }>(() => import("./pages/operation"));
const TerminalPage = lazy<{ id: string | null }>(() => import("./pages/terminal"));
const RecordingPage = lazy<{ id: string }>(() => import("./pages/recording"));
const ActivityPage = lazy(() => import("./pages/activity"));
const SettingsPage = lazy<{ part: string | null }>(() => import("./pages/settings"));
const RunSheet = lazy(() => import("./pages/newrun"), true);
const Palette = lazy(() => import("./shell/palette"), true);

function Page() {
  const at = path.value;
  let found;
  if (match("/", at)) return <Overview />;
  if (match("/links", at)) return <LinksPage />;
  if ((found = match("/links/:id", at))) return <LinkPage key={found["id"]!} id={found["id"]!} />;
  if (match("/scripts", at)) return <ScriptsPage id={null} />;
  if ((found = match("/scripts/:id", at))) return <ScriptsPage id={found["id"]!} />;
  if (match("/operations", at)) return <OperationsPage />;
  if ((found = match("/operations/:id", at))) return <OperationPage key={found["id"]!} id={found["id"]!} />;
  if (match("/terminal", at)) return <TerminalPage id={null} />;
  if ((found = match("/terminal/recordings/:id", at))) return <RecordingPage key={found["id"]!} id={found["id"]!} />;
  if ((found = match("/terminal/:id", at))) return <TerminalPage key={found["id"]!} id={found["id"]!} />;
  if (match("/activity", at)) return <ActivityPage />;
  if (match("/settings", at)) return <SettingsPage part={null} />;
  if ((found = match("/settings/:part", at))) return <SettingsPage part={found["part"]!} />;
  return <main id="page"><h1 class="unseen" tabIndex={-1}>Not found</h1><Empty title="There is no such page" action={<a class="button" href="/">Overview</a>}>The address {at} leads nowhere in LinkOps.</Empty></main>;
}

const titles: [string, string][] = [["/links", "Links"], ["/scripts", "Scripts"], ["/operations", "Operations"], ["/terminal", "Terminal"], ["/activity", "Activity"], ["/settings", "Settings"]];

function Shell() {
  const frame = useRef<HTMLDivElement>(null);
  const section = useRef(path.peek().split("/")[1]);
  useEffect(follow, []);
  useChords();
  useSignalEffect(() => {
    const at = path.value;
    const [, title] = titles.find(([prefix]) => at.startsWith(prefix)) ?? ["", "Overview"];
    const rest = at.split("/")[2];
    document.title = `${rest ? `${decodeURIComponent(rest)} · ` : ""}${title} · LinkOps`;
    // A new page starts at its heading, for those who listen rather than look.
    const next = at.split("/")[1];
    if (next === section.current) return;
    section.current = next;
    requestAnimationFrame(() => frame.current?.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true }));
  });
  return <div class="shell" data-stale={connection.value === "lost" || undefined} ref={frame}>
    <a class="skip" href="#page" onClick={event => { event.preventDefault(); frame.current?.querySelector<HTMLElement>("h1")?.focus(); }}>Skip to the page</a>
    <TopBar />
    <Rail />
    <Page />
    {draft.value && <RunSheet />}
    {paletteOpen.value && <Palette />}
    {helpOpen.value && <HelpSheet />}
    {expired.value && <LoginSheet />}
    <Toasts />
  </div>;
}

export function App() {
  const who = me.value;
  if (unreachable.value && !who) return <div class="lonely"><Trouble text={unreachable.value}><Button onClick={() => void whoAmI()}>Try again</Button></Trouble></div>;
  if (who === undefined) return <div class="lonely" role="status" aria-label="Loading" />;
  return who ? <Shell /> : <LoginPage />;
}
