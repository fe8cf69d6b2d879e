import { useComputed, useSignal, type Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { api, ApiError, segment, sentence } from "../api";
import { git, linkById, links, patchLink, refetch } from "../live/fleet";
import { navigate, path as address } from "../router";
import { denied, me } from "../session";
import type { Link } from "../types";
import type { GitState, WrittenLink } from "../types/fleet";
import { Button, short, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { toast } from "../ui/toast";
import { editOf, faults, formOf, type Form } from "./draft";

/** Why links cannot be edited here, or null if they can. */
export function readonlyWhy(): string | null {
  const status = git.value as GitState | null;
  if (!status) return "The state of the Git repository is not known yet.";
  if (!status.url) return "No Git repository is configured (git.repository_url in linkops.yaml), so there is nothing to write to.";
  if (!status.writable) return "LinkOps does not write to this repository (git.writable: never). Edit links.yaml there, push, and sync.";
  return denied("admin", "Editing links");
}

const Committed = ({ message, placeholder }: { message: Signal<string>; placeholder: string }) => {
  const status = git.value;
  return <div class="commit"><Field label="Commit message" value={message} hint={`Left empty: “${placeholder}”. Committed to ${status?.branch ?? "the branch"} in the name of ${me.value?.username ?? "you"}, pushed, and in force at once.`} /></div>;
};

/** Adds a link, or changes one, by a commit to links.yaml. */
export function LinkSheet({ link, onClose }: { link: Link | null; onClose: () => void }) {
  const adding = link === null;
  const base = useSignal(git.peek()?.commit ?? null).peek();
  const first = useSignal(formOf(link)).peek();
  const form = Object.fromEntries(Object.entries(first).map(([key, value]) => [key, useSignal(value as string)])) as Record<keyof Form, Signal<string>>;
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null), tried = useSignal(false);
  const values = () => Object.fromEntries(Object.entries(form).map(([key, s]) => [key, s.value])) as unknown as Form;
  const known = useComputed(() => new Set(linkById.value.keys()));
  const own = useComputed(() => faults(values(), adding, known.value));
  const changed = useComputed(() => Object.entries(form).some(([key, s]) => key !== "message" && s.value !== first[key as keyof Form]));
  const said = (name: string) => failed.value?.field(name) ?? (tried.value ? own.value[name] ?? null : null);
  const jumps = useId();
  const submit = async () => {
    tried.value = true;
    if (Object.keys(own.peek()).length || busy.peek()) return;
    busy.value = true;
    failed.value = null;
    try {
      const body = editOf(values(), adding, base);
      const written = adding ? await api<WrittenLink>("/api/links", { method: "POST", body }) : await api<WrittenLink>(`/api/links/${segment(link.id)}`, { method: "PUT", body });
      patchLink(written.link);
      onClose();
      toast({ kind: "done", text: `${written.id} is ${adding ? "added" : "changed"} by commit ${short(written.commit)}.`, link: { to: `/links/${encodeURIComponent(written.id)}`, text: adding ? "Open it" : "Look at it" } });
    } catch (cause) {
      failed.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause));
      busy.value = false;
    }
  };
  const error = failed.value;
  const placed = new Set(["id", "type", "provider", "host", "port", "user", "tags", "enrollment.client_id", "enrollment.path", "ssh.key_ref", "ssh.proxy_jump", "ssh.pinned_host_key", "metadata", "message"]);
  const others = Object.entries(error?.details["fields"] as Record<string, string> | undefined ?? {}).filter(([name]) => !placed.has(name));
  const metadata = useId();
  return <Sheet title={adding ? "Add a link" : `Edit ${link.id}`} kind="wide" onClose={onClose}
    footer={<><p class="footer-why">{Object.keys(own.value).length && tried.value ? "Something above is not right yet." : !adding && !changed.value ? "Nothing is changed yet." : ""}</p><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} why={readonlyWhy() ?? (!adding && !changed.value ? "Nothing is changed yet." : null)} onClick={() => void submit()}>{busy.value ? "Committing…" : adding ? "Add by a commit" : "Change by a commit"}</Button></>}>
    <form class="link-form" onSubmit={event => { event.preventDefault(); void submit(); }}>
      {adding && <Field label="Name" value={form.id} autoFocus mono error={said("id")} hint="Its id in links.yaml, such as vm-web-3; it never changes." />}
      <div class="pair"><Field label="Type" value={form.type} error={said("type")} hint="VPS, Proxmox, VM or any other word." /><Field label="Provider" value={form.provider} error={said("provider")} /></div>
      <div class="trio"><Field label="Host" value={form.host} mono autoFocus={!adding} error={said("host")} /><Field label="Port" value={form.port} inputMode="numeric" error={said("port")} /><Field label="User" value={form.user} mono error={said("user")} /></div>
      <Field label="Tags" value={form.tags} error={said("tags")} hint="Separated by commas." />
      <div class="pair"><Field label="Client id" value={form.client_id} mono error={said("enrollment.client_id")} hint="What the file on the machine must hold." /><Field label="File with the client id" value={form.path} mono error={said("enrollment.path")} hint="Left empty: /etc/linkops/client_id" /></div>
      <div class="pair"><Field label="Through (jump host)" value={form.proxy_jump} mono error={said("ssh.proxy_jump")} hint="Another link’s name; empty for straight." list={jumps} /><Field label="SSH key" value={form.key_ref} mono error={said("ssh.key_ref")} hint="A file in LinkOps’ keys directory; empty for the default." /></div>
      <datalist id={jumps}>{links.value.filter(l => l.type !== "VM" && l.id !== link?.id).slice(0, 300).map(l => <option key={l.id} value={l.id} />)}</datalist>
      <Field label="Pinned host key" value={form.host_key} mono error={said("ssh.pinned_host_key")} hint="SHA256:… or empty: an admin confirms the one it shows." />
      <div class={said("metadata") ? "field wrong" : "field"}><label for={metadata}>Facts of your own</label><textarea id={metadata} class="mono" rows={3} spellcheck={false} value={form.metadata} aria-invalid={said("metadata") ? "true" : undefined} aria-describedby={`${metadata}-note`} onInput={event => { form.metadata.value = (event.target as HTMLTextAreaElement).value; }} /><p class="note" id={`${metadata}-note`}>{said("metadata") ?? "name=value, one on each line."}</p></div>
      <Committed message={form.message} placeholder={adding ? `Add link ${form.id.value.trim()}` : `Change link ${link.id}`} />
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {error && <Trouble text={error.code === "CONFLICT" && !adding ? `${error.message}. Close this, look at what is there now, and edit again.` : error.message}>{others.length > 0 && <ul>{others.map(([f, text]) => <li key={f}><code>{f}</code> {text}</li>)}</ul>}</Trouble>}
    </form>
  </Sheet>;
}

export function RemoveSheet({ link, onClose }: { link: Link; onClose: () => void }) {
  const typed = useSignal(""), message = useSignal(""), busy = useSignal(false), failed = useSignal<string | null>(null);
  const base = useSignal(git.peek()?.commit ?? null).peek();
  const behind = links.value.filter(l => l.ssh.proxy_jump === link.id);
  const why = readonlyWhy() ?? (typed.value.trim() === link.id ? null : `Type ${link.id} to confirm.`);
  const remove = async () => {
    if (why || busy.peek()) return;
    busy.value = true;
    failed.value = null;
    try {
      const asked = new URLSearchParams({ ...(message.peek().trim() ? { message: message.peek().trim() } : {}), ...(base ? { base_commit: base } : {}) });
      const written = await api<WrittenLink>(`/api/links/${segment(link.id)}?${asked}`, { method: "DELETE" });
      onClose();
      if (address.peek() === `/links/${encodeURIComponent(link.id)}`) navigate("/links");
      void refetch();
      toast({ kind: "done", text: `${link.id} is removed by commit ${short(written.commit)}; its history is kept.` });
    } catch (cause) {
      failed.value = sentence(cause);
      busy.value = false;
    }
  };
  return <Sheet title={`Remove ${link.id}?`} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="danger" icon="remove" busy={busy.value} why={why} onClick={() => void remove()}>Remove by a commit</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void remove(); }}>
      <p>The entry is taken out of links.yaml. Nothing is done to the machine. Its operations and health stay readable; it can be found by the filter “retired”.</p>
      {behind.length > 0 && <Trouble text={`${behind.slice(0, 5).map(l => l.id).join(", ")}${behind.length > 5 ? ` and ${behind.length - 5} more` : ""} ${behind.length === 1 ? "goes" : "go"} through it. Change their jump host first; the repository is not written with a jump host that is missing.`} />}
      <Field label={`Type ${link.id} to confirm`} value={typed} mono autoFocus />
      <Committed message={message} placeholder={`Remove link ${link.id}`} />
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {failed.value && <Trouble text={failed.value} />}
    </form>
  </Sheet>;
}
