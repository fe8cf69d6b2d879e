#!/usr/bin/env node
/*
 * A stand-in for LinkOps' server, for work on the pages: the built files, the API of a fleet of 200 invented links, and
 * operations that run and write. Nothing of it is shipped.
 *
 *   npm run build && npm run mock        then http://127.0.0.1:8090
 *
 * Users admin, operator and viewer, each with the password "linkops-demo". PORT and LINKS set the port and the number
 * of links. POST /mock/{expire,drop,flood,fail-sync,lock-clock} make trouble.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const PORT = Number(process.env.PORT ?? 8090), LINKS = Number(process.env.LINKS ?? 200);
const web = fileURLToPath(new URL("../../../../target/classes/web/", import.meta.url));
const PASSWORD = "linkops-demo";

// ---- a fleet -------------------------------------------------------------------------------------------------------

let seed = 7;
const random = () => { seed = (seed * 1103515245 + 12345) & 0x7fffffff; return seed / 0x7fffffff; };
const pick = list => list[Math.floor(random() * list.length)];
const ago = ms => new Date(Date.now() - ms).toISOString();
const print = text => `SHA256:${createHash("sha256").update(text).digest("base64").replace(/=+$/, "")}`;

const roles = ["web", "db", "cache", "queue", "build", "mail", "proxy", "monitor", "backup", "app"];
const places = ["fra", "hel", "ams"];
const links = new Map();

function refusal(link, kind) {
  const e = link.enrollment;
  Object.assign(e, { status: "refused", client_id_found: false, client_id_matches: false, reason: kind, verified_at: ago(random() * 7.2e6) });
  if (kind === "client_id_missing") e.error = `${link.id} has no file ${e.path}. Write the client id there (${e.client_id}) and verify again.`;
  if (kind === "client_id_mismatch") { e.client_id_found = true; e.error = `${link.id} holds another client id than links.yaml says. Make sure that it is the right machine.`; }
  if (kind === "client_id_denied") e.error = `${link.user}@${link.host} may not read ${e.path}. Give it read permission and verify again.`;
  if (kind === "host_key_changed") { link.host_key.offered = print(`${link.id}new`); e.error = `${link.id} shows another host key than the confirmed one. Compare the fingerprints, then decide.`; }
  if (kind === "host_key_unknown") { link.host_key = { trusted: [], offered: print(`${link.id}first`) }; e.error = `Nobody has confirmed the host key of ${link.id} yet. Compare ${link.host_key.offered} with the machine and confirm it.`; }
  if (kind === "unreachable") { e.error = `No connection to ${link.host}:${link.port} within 30 s. Check that it is on and that SSH listens there.`; Object.assign(link.health, { status: "offline", latency_ms: null }); }
}

function fleet() {
  const add = (id, type, provider, host, jump, tags) => {
    const h = random();
    const link = {
      id, type, provider, host, port: random() < .06 ? 2222 : 22, user: random() < .8 ? "ops" : "deploy", tags, metadata: random() < .3 ? { rack: `R${Math.floor(random() * 40)}`, owner: pick(["platform", "payments", "Zoë Müller", "data"]) } : {}, retired: false,
      enrollment: { status: "enrolled", client_id: `LINKOPS-${createHash("md5").update(id).digest("hex").replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5")}`, path: "/etc/linkops/client_id", client_id_found: true, client_id_matches: true, reason: null, error: null, verified_at: ago(random() * 8e6) },
      ssh: { key_ref: random() < .5 ? "fleet_ed25519" : null, proxy_jump: jump, pinned_host_key: null }, host_key: { trusted: [print(id)], offered: null },
      health: { status: "online", latency_ms: Math.round(3 + random() ** 3 * 140), last_seen: ago(random() * 3e5) },
    };
    if (h < .04) refusal(link, "unreachable");
    else if (h < .055) refusal(link, "client_id_missing");
    else if (h < .065) refusal(link, "client_id_mismatch");
    else if (h < .075) refusal(link, "host_key_unknown");
    else if (h < .12) { Object.assign(link.enrollment, { status: "unverified", client_id_found: false, client_id_matches: false, verified_at: null }); Object.assign(link.health, { status: "unknown", latency_ms: null, last_seen: null }); link.host_key.trusted = []; }
    links.set(id, link);
    return link;
  };
  for (let i = 1; i <= 6; i++) add(`vps-${pick(places)}-${i}`, "VPS", pick(["Hetzner", "netcup"]), `203.0.113.${i}`, null, ["edge"]);
  for (let i = 1; i <= 12; i++) add(`px-${String(i).padStart(2, "0")}`, "Proxmox", "on site", `10.0.0.${i}`, [...links.keys()][i % 6], ["hypervisor"]);
  for (let i = links.size; i < LINKS - 3; i++) {
    const role = roles[i % roles.length], env = random() < .6 ? "prod" : "staging";
    add(`vm-${role}-${String(i).padStart(LINKS > 999 ? 5 : 3, "0")}`, "VM", null, `10.${Math.floor(i / 65000) + 1}.${Math.floor(i / 250) % 250}.${i % 250 + 1}`, `px-${String(i % 12 + 1).padStart(2, "0")}`, [role, env]);
  }
  add("vm-datenbank-größe-ölpreis-analytics-replica-with-a-very-long-name-eu-central-1", "VM", null, "analytics-replica-17.internal.long-department-name.example.org", "px-03", ["db", "prod", "analytics", "gdpr", "long-term-storage"]);
  refusal(add("vm-web-rebuilt", "VM", null, "10.1.9.9", "px-02", ["web", "prod"]), "host_key_changed");
  add("raspi-lager", "Raspberry Pi", "on site", "fe80::1ff:fe23:4567:890a", null, ["iot"]);
}
fleet();

const source = (name, body) => `#!/usr/bin/env bash\n# ${name}\nset -euo pipefail\n\n${body}`;
const scripts = [
  { id: "disk_check", name: "Disk check", description: "Says which file systems are nearly full", flags: ["--warn=80", "--dry-run"], tags: ["health"], parameters: [{ name: "limit", type: "int", description: "Percent", flag: "--limit", env: null, min: 1, max: 99, values: [], pattern: null, max_length: 4096, default: "80", required: false }], estimate_ms: 2000, timeout_ms: null, body: `WARN=\${1:-80}\nfor fs in $(df --output=target | tail -n +2); do\n  used=$(df --output=pcent "$fs" | tail -1 | tr -dc 0-9)\n  if [ "$used" -ge "$WARN" ]; then\n    echo "nearly full: $fs ($used %)" >&2 # shows in red\n  else\n    echo "ok: $fs ($used %)"\n  fi\ndone\n` },
  { id: "security_audit", name: "Security audit", description: "Looks for open ports, weak SSH settings and missing updates", flags: ["--full-scan", "--check-cve"], tags: ["security"], estimate_ms: 6000, timeout_ms: 600000, body: `ports() {\n  ss -tlnH | awk '{print $4}'\n}\n\nif [[ " $* " == *" --full-scan "* ]]; then\n  ports\nfi\ngrep -E '^PermitRootLogin' /etc/ssh/sshd_config || true\n` },
  { id: "migrate_to", name: "Move service", description: "Moves a service's data to another machine and starts it there", flags: ["--to=REQUIRED", "--service=REQUIRED", "--ban-time=3600", "--dry-run"], tags: ["deploy"], estimate_ms: 45000, timeout_ms: 1800000, body: "echo moving\n" },
  { id: "apt_upgrade", name: "Package upgrade", description: "Installs pending updates without a restart, with a very long description that says more about what it does than fits on one line of any sensible screen", flags: ["--security-only", "--reboot-if-needed"], tags: ["maintenance", "weekly"], estimate_ms: 90000, timeout_ms: 3600000, body: "apt-get update\napt-get -y upgrade\n" },
  { id: "collect_logs", name: "Collect logs", description: "Writes the last lines of the journal", flags: ["--lines=200", "--unit="], tags: ["health"], estimate_ms: null, timeout_ms: null, body: "journalctl -n \"${1:-200}\" --no-pager\n" },
  { id: "restart_agent", name: "Restart the agent", description: "Restarts the monitoring agent", flags: [], tags: [], estimate_ms: 1500, timeout_ms: 30000, body: "systemctl restart monitoring-agent\n" },
].map(({ body, ...s }) => ({ ...s, path: `scripts/${s.id}.sh`, source: source(s.description, body) }));
const shown = ({ source: _, ...s }) => ({ durable: "auto", parameters: [], needs: [], ...s });

const commit = "a41f2c9be07d5c1f43b8e2a6d9f0c3b7e1d4a5f6";
let syncId = 12;
const sync = (over = {}) => ({ id: syncId++, started_by: "schedule", started_at: ago(13e3), ended_at: ago(12e3), duration_ms: 812, success: true, changed: false, commit, diff: null, warnings: ["scripts.yaml:31: collect_logs has no estimate."], error: null, error_code: null, ...over });
const git = { url: "ssh://git@git.example.org/fleet/inventory.git", branch: "main", commit, commit_message: "Add the analytics replica", commit_time: ago(9e6), syncing: false, last_sync: sync({ diff: { added: ["vm-web-rebuilt"], changed: ["px-03", "px-04"], retired: [] }, changed: true }) };
let failSync = process.env.FAIL_SYNC === "1";

// ---- operations ----------------------------------------------------------------------------------------------------

const operations = new Map();
const order = [];
const clients = new Set();
let number = 1000;
const live = (event, data) => { for (const c of clients) c.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`); };
const over = s => s !== "queued" && s !== "running";

const summary = o => {
  const counts = {};
  for (const x of o.executions) counts[x.status] = (counts[x.status] ?? 0) + 1;
  return { ...o.head, duration_ms: o.head.ended_at && o.head.started_at ? Date.parse(o.head.ended_at) - Date.parse(o.head.started_at) : null, counts };
};
function emit(o, event, data) {
  o.events.push({ event, data });
  const id = o.events.length;
  for (const c of o.listeners) { c.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`); if (event === "operation.finished" && !clients.has(c)) c.end(); }
}

function operation({ kind, names, targets, selectors, flags = {}, by, concurrency = 5, at = Date.now() }) {
  const id = `op-${(number++).toString(36)}${createHash("md5").update(String(number)).digest("hex").slice(0, 8)}`;
  const o = { head: { id, kind, status: "queued", scripts: names, selectors, targets: targets.length, concurrency, commit: kind === "verify" ? null : commit, started_by: by, queued_at: new Date(at).toISOString(), started_at: null, ended_at: null, reason: null, batch: null, pause: null, retry_of: null }, executions: [], events: [], outputs: new Map(), listeners: new Set(), stopped: false };
  let index = 0;
  for (const target of targets) for (const script of kind === "verify" ? [null] : names) {
    o.executions.push({ id: `${id}-x${index}`, index: index++, target: target.id, script, arguments: flags[script] ?? [], sha256: script ? createHash("sha256").update(script).digest("hex") : null, status: "queued", started_at: null, ended_at: null, duration_ms: null, exit_code: null, signal: null, output_bytes: 0, is_truncated: false, reason: null, error: null, stdout_sha256: null, stderr_sha256: null, durability: null });
  }
  operations.set(id, o);
  order.unshift(id);
  return o;
}

const write = (o, x, stream, data) => {
  o.outputs.set(x.id, (o.outputs.get(x.id) ?? "") + data);
  x.output_bytes += Buffer.byteLength(data);
  emit(o, "execution.output", { execution: x.id, target: x.target, script: x.script, stream, data });
};

function* lines(x, fate) {
  yield ["stdout", `\u001b[1m== ${x.script} on ${x.target}\u001b[0m\n`];
  const n = x.script === "collect_logs" ? 60 : 6 + x.index % 9;
  for (let i = 0; i < n; i++) {
    if (i === 2) { for (let p = 0; p <= 100; p += 20) yield ["stdout", `\rscanning ${String(p).padStart(3)} % ${"#".repeat(p / 5)}`]; yield ["stdout", "\n"]; }
    if (i === 3) { yield ["stdout", "\u001b[32mok\u001b[0m /var/lib is \u001b[38;5;214m61 %\u001b[0m fu"]; yield ["stdout", "ll\tchecked <b>not markup</b> &amp; äöü 漢字\n"]; }
    else if (i % 5 === 4) yield ["stderr", `\u001b[33mwarning:\u001b[0m /dev/sda${i} answered after ${i * 13} ms\n`];
    else yield ["stdout", `${new Date().toISOString().slice(11, 23)} \u001b[${31 + i % 6}m${["INFO", "DEBUG", "NOTICE"][i % 3]}\u001b[0m unit ${i} of ${n}: ${"checked ".repeat(1 + (x.index + i) % 14)}\n`];
  }
  if (fate === "failed") yield ["stderr", "\u001b[1;31mERROR\u001b[0m /: 97 % full, the limit is 80 %\n"];
}

const pause = ms => new Promise(go => setTimeout(go, ms));
async function execute(o, x, quick) {
  if (o.stopped) { Object.assign(x, { status: "skipped", reason: "stopped", error: "Never started: the operation was stopped." }); return finished(o, x); }
  const roll = (Number.parseInt(createHash("md5").update(x.target + x.script).digest("hex").slice(0, 4), 16) % 100) / 100;
  const fate = roll < .08 ? "failed" : roll < .1 ? "timeout" : roll < .115 ? "lost" : "success";
  x.status = "running";
  x.started_at = new Date().toISOString();
  emit(o, "execution.started", { execution: x.id, index: x.index, target: x.target, script: x.script, at: x.started_at });
  const link = links.get(x.target);
  if (x.script) for (const [stream, data] of lines(x, fate)) {
    if (o.stopped) break;
    write(o, x, stream, data);
    if (!quick) await pause(120 + random() * 400);
  } else if (!quick) await pause(300 + random() * 1200);
  if (o.stopped) Object.assign(x, { status: "stopped", signal: "TERM", reason: "stopped", error: null });
  else if (!x.script) {
    if (link.enrollment.status === "unverified") { Object.assign(link.enrollment, { status: "enrolled", client_id_found: true, client_id_matches: true }); Object.assign(link.health, { status: "online", latency_ms: 12, last_seen: new Date().toISOString() }); link.host_key.trusted = [print(link.id)]; }
    link.enrollment.verified_at = new Date().toISOString();
    live("link", link);
    Object.assign(x, link.enrollment.status === "enrolled" ? { status: "success" } : { status: "failed", reason: link.enrollment.reason, error: link.enrollment.error });
  } else Object.assign(x, { status: fate }, fate === "success" ? { exit_code: 0 } : fate === "failed" ? { exit_code: 1 + x.index % 3, reason: "exit_code", error: null }
    : fate === "timeout" ? { reason: "timeout", error: `${x.script} ran longer than 300 s on ${x.target} and was ended.` } : { reason: "connection_lost", error: `The connection to ${x.target} was lost while ${x.script} ran; what became of it is not known.` });
  finished(o, x);
}
function finished(o, x) {
  x.ended_at = new Date().toISOString();
  x.duration_ms = x.started_at ? Date.parse(x.ended_at) - Date.parse(x.started_at) : null;
  emit(o, "execution.finished", { execution: x.id, index: x.index, target: x.target, script: x.script, status: x.status, exit_code: x.exit_code, signal: x.signal, reason: x.reason, error: x.error, duration_ms: x.duration_ms, at: x.ended_at });
}

async function run(o, quick = false) {
  live("operation", summary(o));
  if (!quick) await pause(400);
  Object.assign(o.head, { status: "running", started_at: new Date().toISOString() });
  emit(o, "operation.started", { operation: o.head.id, kind: o.head.kind, scripts: o.head.scripts, targets: o.head.targets, at: o.head.started_at });
  const beat = quick ? null : setInterval(() => live("operation", summary(o)), 500);
  const waiting = [...o.executions];
  await Promise.all(Array.from({ length: o.head.concurrency }, async () => { for (let x = waiting.shift(); x; x = waiting.shift()) await execute(o, x, quick); }));
  clearInterval(beat);
  const good = o.executions.filter(x => x.status === "success").length, bad = o.executions.length - good;
  const status = o.stopped ? "stopped" : bad === 0 ? "success" : good === 0 ? "failed" : "partial";
  Object.assign(o.head, { status, ended_at: new Date().toISOString(), reason: o.stopped ? `Stopped by ${o.stopped}.` : bad ? `${bad} of ${o.executions.length} executions did not succeed.` : null });
  emit(o, "operation.finished", { operation: o.head.id, status, counts: summary(o).counts, reason: o.head.reason, at: o.head.ended_at });
  live("operation", summary(o));
}

const enrolled = [...links.values()].filter(l => l.enrollment.status === "enrolled");
for (let i = 130; i > 0; i--) {
  const targets = enrolled.slice(i * 7 % 150, i * 7 % 150 + 1 + i * 3 % 21);
  const o = operation({ kind: i % 6 ? "script" : "verify", names: i % 6 ? [scripts[i % scripts.length].id, ...(i % 9 ? [] : ["disk_check"])].filter((s, n, a) => a.indexOf(s) === n) : [], targets, selectors: i % 4 ? [`tag:${pick(roles)}`] : targets.map(t => t.id), by: pick(["admin", "operator", "zoë"]), at: Date.now() - i * 41e5 });
  await run(o, true);
  const t = Date.parse(o.head.queued_at);
  Object.assign(o.head, { started_at: new Date(t + 200).toISOString(), ended_at: new Date(t + 200 + targets.length * 2900).toISOString() });
  for (const x of o.executions) Object.assign(x, { started_at: new Date(t + 300).toISOString(), ended_at: new Date(t + 2300 + x.index * 31).toISOString(), duration_ms: 2000 + x.index * 31 });
}

function resolve(selectors) {
  if (!Array.isArray(selectors) || !selectors.length) throw fail(400, "VALIDATION_FAILED", "Some fields are not right.", { fields: { targets: "Give at least one target." } });
  const test = s => { const [, k, v] = /^(tag|type):(.*)$/.exec(s) ?? [, "id", s]; const r = new RegExp(`^${v.split("*").map(p => p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`, "i"); return l => k === "tag" ? l.tags.some(t => r.test(t)) : k === "type" ? r.test(l.type) : r.test(l.id); };
  const found = new Map();
  for (const s of selectors.filter(s => !s.startsWith("!"))) { const some = [...links.values()].filter(test(s)); if (!some.length) throw fail(404, "LINK_NOT_FOUND", `No link matches ${s}.`); some.forEach(l => found.set(l.id, l)); }
  for (const s of selectors.filter(s => s.startsWith("!"))) for (const l of [...found.values()].filter(test(s.slice(1)))) found.delete(l.id);
  return [...found.values()];
}

// ---- HTTP ----------------------------------------------------------------------------------------------------------

const fail = (status, code, message, details = {}) => ({ refused: true, status, code, message, details });
const sessions = new Map();
const attempts = new Map();
const users = { admin: "admin", operator: "operator", viewer: "viewer" };
const rank = { viewer: 0, operator: 1, admin: 2 };
const MIME = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8" };

const answer = (res, status, body, headers = {}) => { res.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Request-Id": randomUUID(), ...headers }); res.end(body === undefined ? undefined : JSON.stringify(body)); };
const events = res => { res.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" }); res.flushHeaders(); };

function page(res) {
  const nonce = randomBytes(16).toString("base64");
  res.writeHead(200, {
    "Content-Type": MIME[".html"], "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": `default-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
  });
  res.end(readFileSync(join(web, "index.html"), "utf8").replaceAll("@nonce@", nonce));
}

function file(res, path) {
  const full = join(web, normalize(path));
  if (!full.startsWith(web) || path === "/index.html" || !existsSync(full) || !statSync(full).isFile()) return page(res);
  res.writeHead(200, { "Content-Type": MIME[extname(full)] ?? "application/octet-stream", "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff" });
  createReadStream(full).pipe(res);
}

async function body(req) {
  let text = "";
  for await (const chunk of req) text += chunk;
  try { return text ? JSON.parse(text) : {}; } catch { throw fail(400, "MALFORMED_REQUEST", "The body is not JSON."); }
}

function login(res, { username, password }) {
  const a = attempts.get(username) ?? { failed: 0, until: 0 };
  attempts.set(username, a);
  if (a.until > Date.now()) throw fail(403, "ACCOUNT_LOCKED", "The account is locked after too many failed attempts.", { unlock_at: new Date(a.until).toISOString() });
  if (!users[username] || password !== PASSWORD) {
    if (++a.failed >= 5) { a.failed = 0; a.until = Date.now() + 300_000; throw fail(403, "ACCOUNT_LOCKED", "The account is locked after too many failed attempts.", { unlock_at: new Date(a.until).toISOString() }); }
    throw fail(401, "INVALID_CREDENTIALS", "User name or password is wrong.");
  }
  attempts.delete(username);
  const token = randomUUID();
  sessions.set(token, { username, role: users[username], expires_at: new Date(Date.now() + 86_400_000).toISOString(), is_api_token: false });
  answer(res, 200, { success: true, token, expires_at: sessions.get(token).expires_at, user: { username, role: users[username] } }, { "Set-Cookie": `linkops=${token}; HttpOnly; SameSite=Strict; Path=/` });
}

async function apiCall(req, res, url) {
  const path = url.pathname.replace(/^\/api(\/v1)?/, ""), at = path.split("/").slice(1).map(decodeURIComponent), method = req.method;
  if (path === "/version") return answer(res, 200, { name: "LinkOps", version: "mock", java: "none" });
  if (path === "/auth/methods") return answer(res, 200, { password: true, oidc: null });
  if (method !== "GET" && req.headers["x-linkops"] !== "1") throw fail(403, "FORBIDDEN", "The header X-LinkOps is missing.");
  const sent = method === "GET" ? {} : await body(req);
  if (path === "/auth/login" && method === "POST") return login(res, sent);
  const token = /linkops=([\w-]+)/.exec(req.headers.cookie ?? "")?.[1], who = sessions.get(token);
  if (!who) throw fail(401, "TOKEN_INVALID", "Log in first.");
  const need = role => { if (rank[who.role] < rank[role]) throw fail(403, "FORBIDDEN", `This needs the role ${role}.`); };
  const link = () => links.get(at[1]) ?? (() => { throw fail(404, "LINK_NOT_FOUND", `There is no link ${at[1]}.`); })();
  const found = () => operations.get(at[1]) ?? (() => { throw fail(404, "OPERATION_NOT_FOUND", `There is no operation ${at[1]}.`); })();
  const q = url.searchParams;

  switch (`${method} /${[at[0], ...at.slice(1).map((part, i) => ["auth", "git"].includes(at[0]) || i > 0 && i !== 2 || part === "run" || part === "verify" && at.length === 2 ? part : ":id")].join("/")}`) {
    case "GET /auth/me": return answer(res, 200, who);
    case "POST /auth/logout": sessions.delete(token); return answer(res, 204, undefined, { "Set-Cookie": "linkops=; Path=/; Max-Age=0" });
    case "POST /auth/password":
      if (sent.current_password !== PASSWORD) throw fail(401, "INVALID_CREDENTIALS", "The current password is wrong.");
      return answer(res, 204);
    case "GET /links": return answer(res, 200, { links: [...links.values()], total: links.size });
    case "GET /links/:id": return answer(res, 200, link());
    case "POST /links/:id/verify": {
      need("operator");
      const l = link();
      await pause(700);
      if (l.enrollment.status === "unverified" || l.enrollment.reason === "host_key_unknown" && !l.host_key.offered) Object.assign(l.enrollment, { status: "enrolled", client_id_found: true, client_id_matches: true, reason: null, error: null });
      l.enrollment.verified_at = new Date().toISOString();
      live("link", l);
      const { status, client_id_found, client_id_matches, reason, error, verified_at } = l.enrollment;
      return answer(res, 200, { enrolled: status === "enrolled", client_id_found, client_id_matches, reason, error, verified_at });
    }
    case "POST /links/:id/host-key": {
      need("admin");
      const l = link();
      if (sent.fingerprint !== l.host_key.offered) throw fail(409, "CONFLICT", "That is not the key the link offered.");
      l.host_key = { trusted: [sent.fingerprint], offered: null };
      Object.assign(l.enrollment, { status: "unverified", reason: null, error: null });
      live("link", l);
      return answer(res, 200, l);
    }
    case "POST /links/verify": {
      need("operator");
      const o = operation({ kind: "verify", names: [], targets: resolve(sent.targets), selectors: sent.targets, by: who.username });
      void run(o);
      return answer(res, 202, { operation_id: o.head.id, status: "queued" });
    }
    case "GET /scripts": return answer(res, 200, { commit, scripts: scripts.map(shown) });
    case "GET /schedules": return answer(res, 200, { schedules: [] });
    case "GET /scripts/:id": {
      const s = scripts.find(s => s.id === at[1]);
      if (!s) throw fail(404, "SCRIPT_NOT_FOUND", `There is no script ${at[1]}.`);
      return answer(res, 200, { ...s, commit, sha256: createHash("sha256").update(s.source).digest("hex") });
    }
    case "POST /operations/run": {
      need("operator");
      const targets = resolve(sent.targets);
      const bad = targets.filter(t => t.enrollment.status === "refused").map(t => ({ target: t.id, reason: t.enrollment.reason, error: t.enrollment.error }));
      if (bad.length) throw fail(403, "NOT_ENROLLED", `${bad.length} of ${targets.length} targets are not enrolled; nothing ran.`, { targets: bad });
      const o = operation({ kind: "script", names: sent.scripts, targets, selectors: sent.targets, flags: sent.flags, by: who.username, concurrency: sent.concurrency ?? 5 });
      void run(o);
      return answer(res, 202, { operation_id: o.head.id, status: "queued", events: `/api/operations/${o.head.id}/events` });
    }
    case "GET /operations": {
      const all = order.map(id => operations.get(id)).filter(o => !q.get("status") || o.head.status === q.get("status"));
      const from = q.get("before") ? all.findIndex(o => o.head.id === q.get("before")) + 1 : 0, limit = Number(q.get("limit") ?? 50);
      const part = all.slice(from, from + limit);
      return answer(res, 200, { operations: part.map(summary), next: from + limit < all.length ? part.at(-1).head.id : null });
    }
    case "GET /operations/:id": { const o = found(); return answer(res, 200, { ...summary(o), executions: o.executions, retries: [], inputs: [] }); }
    case "POST /operations/:id/stop": { need("operator"); const o = found(), is = !over(o.head.status); if (is) o.stopped = who.username; return answer(res, 202, { stopping: is }); }
    case "GET /operations/:id/events": {
      const o = found();
      let from = Number(req.headers["last-event-id"] ?? q.get("after") ?? 0);
      events(res);
      for (; from < o.events.length; from++) res.write(`id: ${from + 1}\nevent: ${o.events[from].event}\ndata: ${JSON.stringify(o.events[from].data)}\n\n`);
      if (q.get("fleet") === "true") { res.write("event: hello\ndata: {}\n\n"); clients.add(res); } else if (over(o.head.status)) return res.end();
      o.listeners.add(res);
      const beat = setInterval(() => res.write(":\n\n"), 15_000);
      req.on("close", () => { o.listeners.delete(res); clients.delete(res); clearInterval(beat); });
      return;
    }
    case "GET /operations/:id/executions/:id/output": {
      const o = found();
      res.writeHead(200, { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", ...(q.get("download") ? { "Content-Disposition": "attachment" } : {}) });
      return res.end(o.outputs.get(at[3]) ?? "");
    }
    case "GET /git/status": return answer(res, 200, git);
    case "POST /git/sync": {
      need("operator");
      git.syncing = true;
      live("git", git);
      await pause(900);
      git.syncing = false;
      git.last_sync = sync({ started_by: who.username, started_at: ago(900), ended_at: ago(0), duration_ms: 900, ...(failSync ? { success: false, error: "links.yaml:48: entry vm-web-021 has no enrollment.clientId. Add it (LINKOPS-<uuid>) and push.", error_code: "INVENTORY_INVALID" } : {}) });
      live("git", git);
      if (failSync) throw fail(400, "INVENTORY_INVALID", git.last_sync.error);
      return answer(res, 200, git.last_sync);
    }
    case "GET /git/history": return answer(res, 200, { syncs: [git.last_sync] });
    case "GET /events":
      events(res);
      res.write("event: hello\ndata: {}\n\n");
      clients.add(res);
      req.on("close", () => clients.delete(res));
      return;
    default: throw fail(404, "NOT_FOUND", `There is no ${path} here.`);
  }
}

function trouble(res, what) {
  if (what === "expire") sessions.clear();
  if (what === "drop" || what === "expire") { for (const c of clients) c.destroy(); for (const o of operations.values()) for (const c of o.listeners) c.destroy(); }
  if (what === "fail-sync") { failSync = true; git.last_sync = sync({ success: false, ended_at: ago(0), error: "links.yaml:48: entry vm-web-021 has no enrollment.clientId. Add it (LINKOPS-<uuid>) and push.", error_code: "INVENTORY_INVALID" }); live("git", git); }
  if (what === "flood") {
    const o = operation({ kind: "script", names: ["collect_logs"], targets: enrolled.slice(0, 3), selectors: ["tag:flood"], by: "admin" });
    Object.assign(o.head, { status: "running", started_at: ago(0) });
    let n = 0;
    const timer = setInterval(() => {
      for (const x of o.executions) { x.status = "running"; let text = ""; for (let i = 0; i < 400; i++) text += `\u001b[3${n % 7}mline ${n++}\u001b[0m ${"x".repeat(n % 160)}\n`; emit(o, "execution.output", { execution: x.id, target: x.target, script: x.script, stream: "stdout", data: text }); }
      if (n > 400_000 || o.stopped) { clearInterval(timer); for (const x of o.executions) { x.status = o.stopped ? "stopped" : "success"; finished(o, x); } Object.assign(o.head, { status: o.stopped ? "stopped" : "success", ended_at: ago(0) }); emit(o, "operation.finished", { operation: o.head.id, status: o.head.status, counts: summary(o).counts, reason: null, at: ago(0) }); live("operation", summary(o)); }
    }, 50);
    live("operation", summary(o));
    return answer(res, 200, { id: o.head.id });
  }
  answer(res, 200, { done: what });
}

createServer((req, res) => {
  const url = new URL(req.url, "http://localhost");
  if (url.pathname.startsWith("/mock/")) return trouble(res, url.pathname.slice(6));
  if (!url.pathname.startsWith("/api/")) return file(res, url.pathname);
  apiCall(req, res, url).catch(cause => {
    if (!cause?.refused) { console.error(cause); cause = fail(500, "INTERNAL", String(cause)); }
    answer(res, cause.status, { error: { code: cause.code, message: cause.message, details: cause.details, timestamp: new Date().toISOString(), request_id: randomUUID() } });
  });
}).listen(PORT, "127.0.0.1", () => console.log(`http://127.0.0.1:${PORT}  (admin, operator or viewer; password ${PASSWORD})`));

// Links come and go a little.
setInterval(() => {
  const l = [...links.values()][Math.floor(Math.random() * links.size)];
  if (l.health.status === "online") { l.health.latency_ms = Math.max(2, Math.round(l.health.latency_ms * (.8 + Math.random() * .4))); l.health.last_seen = new Date().toISOString(); live("link", l); }
}, 400).unref();
