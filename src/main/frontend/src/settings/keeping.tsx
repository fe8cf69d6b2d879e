import { closed } from "../session";
import { links } from "../live/fleet";
import type { Retention } from "../types/settings";
import { Ago, count, Fact, Facts, Glyph, many, Panel, Trouble } from "../ui/basic";
import { Command, Configuration, Loaded, NoEntry, setting, size, useLoad, useSettings } from "./shared";

const kept = (key: string) => { const value = setting(key); return value === null ? "…" : value === "0" ? "for ever" : value; };
const things: readonly (readonly [string, string])[] = [
  ["Operations with their output", "retention.operations_kept_days"], ["Who opened which terminal", "retention.terminal_sessions_kept_days"], ["The audit", "retention.audit_kept_days"],
  ["Recordings of terminals", "terminal.recordings_keep_days"], ["Health checks, each", "health.samples_kept_days"], ["Health, hour by hour", "health.history_kept_days"], ["Deliveries of notifications", "notifications.kept_days"],
];

export function RetentionPart() {
  const why = closed("admin", "Seeing what is kept");
  const state = useLoad<Retention>(why ? null : "/api/retention");
  useSettings();
  if (why) return <NoEntry what="Sizes and limits" why={why} />;
  return <div class="part-stack">
    <Panel title="Database"><Loaded of={state}>{r => { const used = r.file_bytes - r.free_bytes; return <div class="pad stack">
      {r.problem && <Trouble text={`The last sweep did not do all of it: ${r.problem}`} />}
      <div class="fill" role="img" aria-label={`${size(used)} of the file's ${size(r.file_bytes)} are used`}><i style={{ width: `${r.file_bytes ? used / r.file_bytes * 100 : 0}%` }} /></div>
      <Facts>
        <Fact name="File"><span class="num">{size(r.file_bytes)}</span> <span class="dim">of which {size(r.free_bytes)} are free for new rows{!r.is_reclaimable && "; this file cannot give space back to the disk"}</span></Fact>
        <Fact name="Limit">{setting("retention.database_max_mb") === "0" ? <>none <span class="dim">(<code>retention.database_max_mb</code>)</span></> : `${setting("retention.database_max_mb") ?? "…"} MB; then the oldest operations go`}</Fact>
        <Fact name="Last sweep"><Ago at={r.swept_at} none="not since LinkOps started" /> <span class="dim">; it looks every {setting("retention.interval_minutes") ?? "…"}</span></Fact>
      </Facts></div>; }}</Loaded></Panel>
    <Panel title="Kept for how long"><table class="matrix plain-table"><thead><tr><th scope="col">What</th><th scope="col">Kept</th><th scope="col">Key</th></tr></thead>
      <tbody>{things.map(([what, key]) => <tr key={key}><th scope="row">{what}</th><td>{kept(key)}</td><td><code>{key}</code></td></tr>)}</tbody></table></Panel>
    <Panel title="Removed since LinkOps started"><Loaded of={state} rows={3}>{r => <div class="pad"><Facts>
      <Fact name="Operations"><span class="num">{count(r.operations)}</span> <span class="dim">with {size(r.output_bytes)} of output</span></Fact>
      <Fact name="Terminals"><span class="num">{count(r.terminal_sessions)}</span></Fact>
      <Fact name="Audit rows"><span class="num">{count(r.audit_rows)}</span> <span class="dim">a sealed checkpoint stays in their place</span></Fact>
      <Fact name="Given back"><span class="num">{size(r.reclaimed_bytes)}</span> <span class="dim">to the disk</span></Fact></Facts></div>}</Loaded></Panel>
    <Configuration title="Configuration of retention" keys={["retention.", "terminal.recordings_keep_days", "terminal.recordings_max_bytes", "health.samples_kept_days", "health.history_kept_days", "notifications.kept_days"]} />
  </div>;
}

export function HealthPart() {
  useSettings();
  const all = links.value, of = (status: string) => all.filter(l => l.health.status === status).length;
  const every = setting("health.check_interval_minutes");
  return <div class="part-stack">
    <Panel title="The fleet’s health"><div class="pad stack"><Facts>
      <Fact name="Now"><Glyph tone="ok" /> {count(of("online"))} online, <Glyph tone="bad" /> {count(of("offline"))} offline, <Glyph tone="unknown" /> {count(of("unknown"))} unknown of {many(all.length, "link")}</Fact>
      {every !== null && <Fact name="Checked">{every === "0" ? <>only when somebody asks: <code>health.check_interval_minutes</code> is 0</> : `every ${every}`}</Fact>}
      <Fact name="See"><a href="/links?q=status%3Aoffline">Links that are offline</a></Fact></Facts></div></Panel>
    <Configuration title="Configuration of health checks" keys={["health."]} />
  </div>;
}

export function BackupPart() {
  useSettings();
  return <div class="part-stack">
    <Panel title="Back up"><div class="pad stack">
      <p>Backups are made on LinkOps’ machine, as the user LinkOps runs as, while it runs or not. A browser cannot: the file may hold keys.</p>
      <Command text="linkops backup /srv/backup/linkops.zip" /><Command text="linkops backup --verify /srv/backup/linkops.zip" />
      <p class="dim">With private keys and the master key, so that it can be restored on an empty machine. Encrypt it before it leaves:</p>
      <Command text={"linkops backup --with-keys --force /srv/backup/linkops-keys.zip\nage -r age1… -o linkops-keys.zip.age /srv/backup/linkops-keys.zip"} />
      <p class="dim">Every night, fourteen of them (systemd timer or cron):</p>
      <Command text={`linkops backup "/srv/backup/linkops-$(date +%F).zip" && find /srv/backup -name 'linkops-*.zip' -mtime +14 -delete`} />
    </div></Panel>
    <Panel title="Restore"><div class="pad stack"><p>On a machine where LinkOps does not run; what is there already is set aside, never deleted, with <code>--force</code>.</p>
      <Command text={"linkops restore /srv/backup/linkops-keys.zip\nlinkops doctor"} /></div></Panel>
    <Panel title="Check-up"><div class="pad stack"><p>Looks at configuration, directories, keys, database, Git, every link, and what is unsafe; says what to do, and warns when the last backup is older than a week.</p>
      <Command text="linkops doctor" /></div></Panel>
    <Configuration title="What is to be backed up, and where it lies" keys={["database.path", "ssh.keys_directory", "ssh.known_hosts_path", "git.local_path", "git.ssh_key_path", "terminal.recordings_directory", "security.secrets_directory"]} />
  </div>;
}
