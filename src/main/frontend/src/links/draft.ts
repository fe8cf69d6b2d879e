import type { Link } from "../types";
import type { LinkEdit } from "../types/fleet";

/** The form of a link as texts, and what becomes of it (pure). */
export interface Form { id: string; type: string; provider: string; host: string; port: string; user: string; tags: string; client_id: string; path: string; key_ref: string; proxy_jump: string; host_key: string; metadata: string; message: string }
export type Faults = Partial<Record<string, string>>;

/** A new client id; works where the page was not fetched over HTTPS too. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = bytes[6]! & 0x0f | 0x40;
  bytes[8] = bytes[8]! & 0x3f | 0x80;
  const hex = [...bytes].map(b => b.toString(16).padStart(2, "0")).join("");
  return `LINKOPS-${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const DEFAULT_PATH = "/etc/linkops/client_id";

export const formOf = (link: Link | null): Form => link ? {
  id: link.id, type: link.type, provider: link.provider ?? "", host: link.host, port: String(link.port), user: link.user, tags: link.tags.join(", "), client_id: link.enrollment.client_id,
  path: link.enrollment.path === DEFAULT_PATH ? "" : link.enrollment.path, key_ref: link.ssh.key_ref ?? "", proxy_jump: link.ssh.proxy_jump ?? "", host_key: link.ssh.pinned_host_key ?? "",
  metadata: Object.entries(link.metadata).map(([k, v]) => `${k}=${v}`).join("\n"), message: "",
} : { id: "", type: "VM", provider: "", host: "", port: "22", user: "root", tags: "", client_id: newClientId(), path: "", key_ref: "", proxy_jump: "", host_key: "", metadata: "", message: "" };

/** What can be told without asking the server; the rest it says itself, field by field. */
export function faults(form: Form, adding: boolean, known: ReadonlySet<string>): Faults {
  const found: Faults = {};
  const port = Number(form.port);
  if (adding && !form.id.trim()) found["id"] = "Give the link a name.";
  else if (adding && known.has(form.id.trim())) found["id"] = "There is a link of this name already.";
  if (!form.type.trim()) found["type"] = "Say what it is: VPS, Proxmox, VM or any other word.";
  if (!form.host.trim()) found["host"] = "Give the address under which SSH is reached.";
  if (!Number.isInteger(port) || port < 1 || port > 65535) found["port"] = "A port is a whole number from 1 to 65535.";
  if (!form.user.trim()) found["user"] = "Give the user to log in as.";
  if (!form.client_id.trim()) found["enrollment.client_id"] = "Give the id that the file on the machine must hold.";
  if (form.proxy_jump.trim() && !known.has(form.proxy_jump.trim())) found["ssh.proxy_jump"] = "There is no link of this name to go through.";
  const wrong = form.metadata.split("\n").find(line => line.trim() && line.indexOf("=") < 1);
  if (wrong !== undefined) found["metadata"] = `Write name=value on each line; “${wrong.trim().slice(0, 40)}” is none.`;
  return found;
}

const orNull = (text: string) => text.trim() || null;

export const editOf = (form: Form, adding: boolean, base: string | null): LinkEdit => ({
  ...(adding ? { id: form.id.trim() } : {}), type: form.type.trim(), provider: orNull(form.provider), host: form.host.trim(), port: Number(form.port), user: form.user.trim(),
  tags: [...new Set(form.tags.split(",").map(t => t.trim()).filter(Boolean))],
  enrollment: { client_id: form.client_id.trim(), path: orNull(form.path) }, ssh: { key_ref: orNull(form.key_ref), proxy_jump: orNull(form.proxy_jump), pinned_host_key: orNull(form.host_key) },
  metadata: Object.fromEntries(form.metadata.split("\n").filter(line => line.trim()).map(line => { const at = line.indexOf("="); return [line.slice(0, at).trim(), line.slice(at + 1).trim()]; })),
  message: orNull(form.message), base_commit: base,
});
