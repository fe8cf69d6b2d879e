import type { Link } from "../types";

/** One word for a POSIX shell. */
export const quoted = (value: string) => /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;

export const place = (link: Link) => `${link.user}@${link.host.includes(":") && link.port !== 22 ? `[${link.host}]` : link.host}${link.port === 22 ? "" : `:${link.port}`}`;

/** The links one goes through to this one, the first hop first, itself last; ends where a jump host is unknown or seen before. */
export function jumpPath(link: Link, byId: ReadonlyMap<string, Link>): Link[] {
  const path = [link], seen = new Set([link.id]);
  for (let at = link; at.ssh.proxy_jump !== null;) {
    const hop = byId.get(at.ssh.proxy_jump);
    if (!hop || seen.has(hop.id)) break;
    seen.add(hop.id);
    path.unshift(hop);
    at = hop;
  }
  return path;
}

/** A value of ssh_config. Such files know no escapes: what they cannot hold (a quote, a line's end) is left out. */
const value = (text: string) => {
  const clean = text.replace(/["\p{Cc}]/gu, "");
  return /[\s#]/.test(clean) ? `"${clean}"` : clean;
};

/** The way LinkOps goes to the link, as ~/.ssh/config has it. */
export const sshConfig = (path: readonly Link[]) => path.map((hop, i) => [
  `Host ${value(hop.id)}`, `    HostName ${value(hop.host)}`, `    User ${value(hop.user)}`,
  ...(hop.port === 22 ? [] : [`    Port ${hop.port}`]), ...(i > 0 ? [`    ProxyJump ${value(path[i - 1]!.id)}`] : []),
  ...(hop.ssh.key_ref ? [`    IdentityFile ~/.ssh/${value(hop.ssh.key_ref)}`, "    IdentitiesOnly yes"] : []),
].join("\n")).reverse().join("\n\n");

/** A scalar that no reader of YAML takes for anything but this text. */
export function scalar(text: string): string {
  const plain = /^[A-Za-z_/][\w ./@+-]*$/.test(text) && !/\s$/.test(text) && !/^(true|false|yes|no|on|off|null|y|n|~)$/i.test(text);
  if (plain || /^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return text;
  return `"${[...text].map(c => c === '"' ? '\\"' : c === "\\" ? "\\\\" : c === "\n" ? "\\n" : c === "\t" ? "\\t" : /\p{C}|\p{Zl}|\p{Zp}/u.test(c) ? [...c].map(x => `\\U${x.codePointAt(0)!.toString(16).toUpperCase().padStart(8, "0")}`).join("") : c).join("")}"`;
}

const DEFAULT_PATH = "/etc/linkops/client_id";

/** The link's entry of links.yaml, written as LinkOps writes it. */
export function yaml(link: Link): string {
  const lines = [`  ${scalar(link.id)}:`];
  const field = (deep: string, name: string, text: string | null) => { if (text !== null) lines.push(`    ${deep}${name}: ${scalar(text)}`); };
  const mapping = (name: string, pairs: [string, string | null][]) => {
    const there = pairs.filter(([, text]) => text !== null);
    if (there.length) { lines.push(`    ${name}:`); for (const [key, text] of there) field("  ", scalar(key), text); }
  };
  field("", "type", link.type);
  field("", "provider", link.provider);
  field("", "host", link.host);
  lines.push(`    port: ${link.port}`);
  field("", "user", link.user);
  if (link.tags.length) lines.push(`    tags: [${link.tags.map(scalar).join(", ")}]`);
  mapping("enrollment", [["clientId", link.enrollment.client_id], ["path", link.enrollment.path === DEFAULT_PATH ? null : link.enrollment.path]]);
  mapping("ssh", [["keyRef", link.ssh.key_ref], ["proxyJump", link.ssh.proxy_jump], ["hostKey", link.ssh.pinned_host_key]]);
  mapping("metadata", Object.entries(link.metadata).sort(([a], [b]) => a < b ? -1 : 1));
  return `links:\n${lines.join("\n")}\n`;
}

/** The value below which this share of the numbers lies; null of none. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)]! : null;
}
