import { useSignal } from "@preact/signals";
import { api, post, segment, sentence } from "../api";
import type { Share, Workspace } from "../types/terminal";
import { Button, Code, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import type { Desk } from "./desk";

const meaning: Record<Share["mode"], string> = { watch: "watches", control: "may take over" };

/** Who may see a workspace, and who may type in it. */
export function Shares({ desk, why, onClose }: { desk: Desk; why: string | null; onClose: () => void }) {
  const user = useSignal(""), mode = useSignal<Share["mode"]>("watch"), busy = useSignal(false), error = useSignal<string | null>(null);
  const path = `/api/terminal/workspaces/${segment(desk.id)}/shares`;
  const workspace = desk.workspace.value!;
  const act = async (work: () => Promise<Workspace>) => {
    busy.value = true;
    error.value = null;
    try { desk.shows(await work()); user.value = ""; } catch (cause) { error.value = sentence(cause); }
    busy.value = false;
  };
  return <Sheet title="Share this workspace" onClose={onClose}>
    <p>Others see what the shells print. Only one person types at a time: now <strong>{desk.typist.value}</strong>. Admins see every workspace.</p>
    <ul class="term-shares" aria-label="Shared with"><li><strong>{workspace.owner}</strong><span class="dim">owner</span></li>
      {workspace.shares.map(share => <li key={share.user}><strong>{share.user}</strong><span class="dim">{meaning[share.mode]}</span><span class="spring" />
        <Button kind="ghost" class="small" icon="close" label={`End the share with ${share.user}`} why={why} onClick={() => void act(() => api<Workspace>(`${path}/${segment(share.user)}`, { method: "DELETE" }))} /></li>)}</ul>
    {why ? <p class="dim">{why}</p> : <form class="term-share" onSubmit={event => { event.preventDefault(); if (user.peek()) void act(() => post<Workspace>(path, { user: user.peek(), mode: mode.peek() })); }}>
      <Field label="User name" value={user} autoFocus />
      <div class="field"><label for="share-mode">May</label><select id="share-mode" value={mode.value} onChange={event => { mode.value = (event.target as HTMLSelectElement).value as Share["mode"]; }}><option value="watch">watch</option><option value="control">watch and take over</option></select></div>
      <Button submit icon="share" busy={busy.value} why={user.value ? null : "Say with whom."}>Share</Button></form>}
    {error.value && <Trouble text={error.value} />}
    <p class="dim">They open it at <Code text={`${location.origin}/terminal/${segment(desk.id)}`} label="Copy the address" /></p>
  </Sheet>;
}
