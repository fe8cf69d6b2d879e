import { api, post, segment, sentence } from "../api";
import { linkById } from "../live/fleet";
import { navigate } from "../router";
import { denied } from "../session";
import type { Layout, Named, Workspace } from "../types/terminal";
import { Button } from "../ui/basic";
import { toast } from "../ui/toast";

const MOST = 4;
const layoutFor: Layout[] = ["single", "single", "grid2x1", "grid1x3", "grid2x2"];

/** Why no terminals can be opened on these links, or null if they can. */
export function closedTo(ids: readonly string[]): string | null {
  const refused = ids.map(id => linkById.value.get(id)).filter(link => link && link.enrollment.status !== "enrolled");
  return denied("operator", "Opening a terminal") ?? (ids.length > MOST ? `A workspace has at most ${MOST} terminals: select 1 to ${MOST} links.`
    : refused.length ? `${refused.map(l => l!.id).join(", ")} ${refused.length === 1 ? "is" : "are"} not enrolled, and terminals open on enrolled links only. Verify first.` : null);
}

/** Makes a workspace with a terminal on each of these links, and goes there. */
export async function openTerminals(ids: readonly string[]): Promise<void> {
  const why = ids.length ? closedTo(ids) : null;
  if (why || !ids.length) { if (why) toast({ kind: "note", text: why }); return; }
  await make({ layout: layoutFor[ids.length]! }, ids.map((link, pane) => ({ pane, link })));
}

/** Makes what is remembered under a name anew, as far as its links are there and enrolled. */
export async function reopen({ name, layout, links }: Named): Promise<void> {
  const all = links.flatMap((link, pane) => link === null ? [] : [{ pane, link }]), may = all.filter(({ link }) => linkById.value.get(link)?.enrollment.status === "enrolled");
  const without = all.filter(each => !may.includes(each)).map(({ link }) => link);
  if (await make({ layout, name }, may) && without.length) toast({ kind: "note", text: `${without.join(", ")} ${without.length === 1 ? "is" : "are"} not enrolled at the moment, so no terminal was opened there. Verify first.` });
}

async function make(order: { layout: Layout; name?: string }, panes: { pane: number; link: string }[]): Promise<boolean> {
  let made: Workspace | null = null;
  try {
    made = await post<Workspace>("/api/terminal/workspaces", order);
    const path = `/api/terminal/workspaces/${segment(made.id)}`;
    if (panes.length) {
      await api(`${path}/panes`, { method: "PUT", body: { panes } });
      await api(`${path}/connect-all`, { method: "POST" });
    }
    navigate(`/terminal/${segment(made.id)}`);
    return true;
  } catch (cause) {
    if (made) api(`/api/terminal/workspaces/${segment(made.id)}`, { method: "DELETE" }).catch(() => { /* it ends by itself */ });
    toast({ kind: "error", text: `No terminal was opened: ${sentence(cause)}`, link: { to: "/terminal", text: "Workspaces" } });
    return false;
  }
}

export const TerminalButton = ({ ids, why }: { ids: readonly string[]; why?: string | null }) =>
  <Button icon="terminal" why={why ?? closedTo(ids)} onClick={() => void openTerminals(ids)}><span class="bulk-word">{ids.length > 1 ? "Terminals" : "Terminal"}</span></Button>;
