import type { Link } from "../types";

/** What is exported of a link: the same fields, in the same order, as CSV and as JSON. */
const fields: Record<string, (l: Link) => string | number | boolean | null | readonly string[]> = {
  id: l => l.id, type: l => l.type, provider: l => l.provider, host: l => l.host, port: l => l.port, user: l => l.user, tags: l => l.tags,
  status: l => l.health.status, latency_ms: l => l.health.latency_ms, last_seen: l => l.health.last_seen, health_reason: l => l.health.reason,
  enrollment: l => l.enrollment.status, enrollment_reason: l => l.enrollment.reason, client_id: l => l.enrollment.client_id, verified_at: l => l.enrollment.verified_at,
  proxy_jump: l => l.ssh.proxy_jump, key_ref: l => l.ssh.key_ref, host_key: l => l.host_key.trusted, maintenance: l => l.health.maintenance, retired: l => l.retired,
};

/**
 * One cell. A spreadsheet takes a text that begins with one of these for a formula and may run it, so such a text is
 * given a leading apostrophe (OWASP, CSV injection); numbers of our own are left as they are.
 */
export function cell(value: string | number | boolean | null | readonly string[]): string {
  if (value === null) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : value.join(" ");
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r;]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export const csv = (links: readonly Link[]) =>
  `${[Object.keys(fields).join(","), ...links.map(l => Object.values(fields).map(f => cell(f(l))).join(","))].join("\r\n")}\r\n`;

export const json = (links: readonly Link[]) =>
  `${JSON.stringify(links.map(l => Object.fromEntries(Object.entries(fields).map(([name, f]) => [name, f(l)]))), null, 2)}\n`;

/** Hands the browser a file. */
export function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
