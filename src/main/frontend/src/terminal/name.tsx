import { useSignal } from "@preact/signals";
import { api, segment, sentence } from "../api";
import type { Workspace } from "../types/terminal";
import { Button } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import type { Desk } from "./desk";

/** Names a workspace; under its name it is remembered with its layout and links. */
export function Name({ desk, onClose, onNamed }: { desk: Desk; onClose: () => void; onNamed: (name: string) => void }) {
  const before = desk.workspace.value!.name;
  const name = useSignal(before ?? ""), busy = useSignal(false), error = useSignal<string | null>(null);
  const wanted = name.value.trim();
  const why = !wanted ? "Type a name first." : wanted === before ? "This is its name already." : null;
  const go = async () => {
    busy.value = true;
    error.value = null;
    try {
      const now = await api<Workspace>(`/api/terminal/workspaces/${segment(desk.id)}/name`, { method: "PUT", body: { name: wanted } });
      onNamed(wanted);
      desk.shows(now);
      onClose();
    } catch (cause) { error.value = sentence(cause); busy.value = false; }
  };
  return <Sheet title={before ? "Rename this workspace" : "Name this workspace"} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} why={why} onClick={() => void go()}>{before ? "Rename" : "Name it"}</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); if (!why && !busy.peek()) void go(); }}>
      <p>Its layout and links are remembered under the name, also when LinkOps was started anew. Shells are not: they end with the workspace.</p>
      <Field label="Name" value={name} autoFocus error={error.value} />
    </form>
  </Sheet>;
}
