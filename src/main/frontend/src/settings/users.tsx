import { useSignal } from "@preact/signals";
import { api, ApiError, post, segment, sentence } from "../api";
import { links } from "../live/fleet";
import { adjust, query } from "../router";
import { closed } from "../session";
import type { Role } from "../types";
import type { User } from "../types/settings";
import { Ago, Button, clock, Empty, Fact, Facts, Icon, many, now, Trouble } from "../ui/basic";
import { Confirm, Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { DataTable, type Column } from "../ui/table";
import { toast } from "../ui/toast";
import { admits, allowed, scopeOf } from "./scope";
import { Check, Loaded, Mark, NoEntry, roles, ScopeFields, scopeWords, Select, useLoad, who } from "./shared";

const locked = (user: User) => user.locked_until !== null && Date.parse(user.locked_until) > now.value;
const State = ({ user }: { user: User }) => user.is_disabled ? <Mark tone="off">Disabled</Mark> : locked(user) ? <Mark tone="warn">Locked</Mark> : <Mark tone="ok">Enabled</Mark>;
const Origin = ({ user }: { user: User }) => user.is_from_provider ? <span class="tag">provider</span> : <span class="dim">password</span>;

const columns: Column<User>[] = [
  { key: "name", title: "User", width: "minmax(120px,1fr)", cell: u => <a class="name" href={`/settings/users?user=${encodeURIComponent(u.username)}`} tabIndex={-1} title={u.username}>{u.username}</a> },
  { key: "role", title: "Role", width: "84px", cell: u => u.role },
  { key: "state", title: "State", width: "96px", cell: u => <State user={u} /> },
  { key: "scope", title: "Where", width: "minmax(120px,1.3fr)", cell: u => <span title={scopeWords(u.scope) ?? ""} class={u.scope ? "" : "dim"}>{scopeWords(u.scope) ?? "everywhere"}</span> },
  { key: "from", title: "Logs in by", width: "92px", from: 640, cell: u => <Origin user={u} /> },
  { key: "seen", title: "Last log-in", width: "104px", right: true, from: 560, cell: u => <Ago at={u.last_login_at} /> },
];
const narrowRow = (u: User) => <div class="two">
  <div><a class="name" href={`/settings/users?user=${encodeURIComponent(u.username)}`} tabIndex={-1}>{u.username}</a><span class="end"><State user={u} /></span></div>
  <div class="dim"><span class="tag">{u.role}</span><code>{scopeWords(u.scope) ?? "everywhere"}</code><span class="end"><Ago at={u.last_login_at} /></span></div>
</div>;

export default function UsersPart() {
  const why = closed("admin", "Seeing users");
  const users = useLoad<{ users: User[] }>(why ? null : "/api/users");
  const making = useSignal(false);
  if (why) return <NoEntry what="Users" why={why} />;
  const text = query.value.get("q") ?? "", chosen = query.value.get("user");
  const all = users.value?.users ?? [];
  const shown = all.filter(u => `${u.username} ${u.role} ${scopeWords(u.scope) ?? ""}`.toLowerCase().includes(text.toLowerCase()));
  const user = all.find(u => u.username === chosen);
  const put = (changed: User) => users.set({ users: all.map(u => u.username === changed.username ? changed : u) });
  return <div class={user ? "part-split open" : "part-split"}>
    <section class="panel table-panel" aria-label="Users">
      <div class="tools"><div class="searchbox"><Icon name="search" /><input type="search" aria-label="Search users" placeholder="Search name, role, tag:" value={text} onInput={event => adjust({ q: (event.target as HTMLInputElement).value })} /></div>
        <Button kind="primary" icon="plus" onClick={() => { making.value = true; }}>New user…</Button></div>
      <Loaded of={users}>{() => shown.length ? <DataTable label="Users" rows={shown} columns={columns} id={u => u.username} narrow={narrowRow} opened={chosen} onOpen={u => adjust({ user: u.username })} />
        : <Empty title="No user matches" action={<Button onClick={() => adjust({ q: null })}>Clear the search</Button>} />}</Loaded>
      <footer class="table-foot"><span class="dim num">{many(all.length, "user")}</span></footer>
    </section>
    {user && <Detail key={user.username} user={user} put={put} gone={() => { adjust({ user: null }); void users.load(); }} />}
    {chosen && users.value && !user && <aside class="panel side"><Empty title="There is no such user" action={<a class="button" href="/settings/users">All users</a>}>{chosen} is not among the users (any more).</Empty></aside>}
    {making.value && <NewUser onClose={() => { making.value = false; }} made={name => { void users.load(); adjust({ user: name }); }} />}
  </div>;
}

function NewUser({ onClose, made }: { onClose: () => void; made: (name: string) => void }) {
  const name = useSignal(""), password = useSignal(""), role = useSignal<string>("viewer"), targets = useSignal(""), scripts = useSignal("");
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null);
  const make = async () => {
    busy.value = true;
    failed.value = null;
    try {
      await post("/api/users", { username: name.value.trim(), password: password.value, role: role.value, scope: scopeOf(targets.value, scripts.value) });
      toast({ kind: "done", text: `${name.value.trim()} can log in now. Hand the password over by another way than this page.` });
      made(name.value.trim());
      onClose();
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); busy.value = false; }
  };
  const error = failed.value;
  return <Sheet title="New user" onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void make()}>Make the user</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void make(); }}>
      <Field label="User name" value={name} autoFocus error={error?.field("username") ?? null} hint="Small letters, digits, dot, dash, underscore." />
      <Field label="First password" type="password" autocomplete="new-password" value={password} error={error?.field("password") ?? null} hint="At least 12 characters; the user changes it in the account menu." />
      <Select label="Role" value={role} options={roles} error={error?.field("role") ?? null} />
      <ScopeFields role={role.value} targets={targets} scripts={scripts} errors={error} />
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {error && !error.details["fields"] && <Trouble text={error.message} />}
    </form>
  </Sheet>;
}

type Asked = "disable" | "enable" | "unlock" | "out" | "password" | "access" | "remove";

function Detail({ user, put, gone }: { user: User; put: (user: User) => void; gone: () => void }) {
  const asked = useSignal<Asked | null>(null), busy = useSignal(false);
  const name = user.username, self = name === who().username;
  const change = async (body: unknown, said: string) => { put(await api<User>(`/api/users/${segment(name)}`, { method: "PUT", body })); toast({ kind: "done", text: said }); };
  const now = async (body: unknown, said: string) => {
    busy.value = true;
    try { await change(body, said); } catch (cause) { toast({ kind: "error", text: `${name} was not changed: ${sentence(cause)}` }); }
    busy.value = false;
  };
  const close = () => { asked.value = null; };
  const mine = links.value.filter(l => admits(user.scope, l)).length;
  return <aside class="panel side" aria-labelledby="user-title">
    <header><h2 id="user-title" title={name}>{name}</h2><Button kind="ghost" icon="close" label="Close details" onClick={() => adjust({ user: null })} /></header>
    <div class="scroll">
      <div class="summary"><State user={user} /><span class="tag">{user.role}</span>{user.is_from_provider && <span class="tag">from the identity provider</span>}{self && <span class="tag">you</span>}</div>
      <section class="block first"><p class="allowed">{allowed(user.role, user.scope)}{user.scope?.targets.length ? ` ${many(mine, "link")} of ${links.value.length} now.` : ""}</p>
        <Facts>
          <Fact name="Links">{user.scope?.targets.length ? <span class="tags wraps">{user.scope.targets.map(t => <code class="tag" key={t}>{t}</code>)}</span> : <span class="dim">every link</span>}</Fact>
          <Fact name="Scripts">{user.scope?.scripts.length ? <span class="tags wraps">{user.scope.scripts.map(t => <code class="tag" key={t}>{t}</code>)}</span> : <span class="dim">every script</span>}</Fact>
          <Fact name="Logs in by">{user.is_from_provider ? "the identity provider; it also decides the role at each log-in" : "password"}</Fact>
          {user.locked_until && locked(user) && <Fact name="Locked">until {clock(user.locked_until)}, after too many wrong passwords</Fact>}
          <Fact name="Last log-in"><Ago at={user.last_login_at} /></Fact>
          <Fact name="Made"><Ago at={user.created_at} /></Fact>
        </Facts>
        <div class="acts"><Button icon="pencil" onClick={() => { asked.value = "access"; }}>Role and scope…</Button>
          {locked(user) && <Button icon="verify" busy={busy.value} onClick={() => void now({ unlock: true }, `${name} is unlocked and may try again.`)}>Unlock</Button>}</div>
      </section>
      <section class="block"><h3>Access</h3><div class="acts">
        <Button icon="password" why={user.is_from_provider ? `${name} logs in at the identity provider and has no password here; change it there.` : self ? "Change your own in the account menu: it asks for the password you have now." : null} onClick={() => { asked.value = "password"; }}>Reset password…</Button>
        <Button icon="logout" onClick={() => { asked.value = "out"; }}>Sign out everywhere…</Button>
        {user.is_disabled ? <Button icon="check" busy={busy.value} onClick={() => void now({ is_disabled: false }, `${name} may log in again.`)}>Enable</Button>
          : <Button icon="pause" why={self ? "You cannot disable yourself; another admin can." : null} onClick={() => { asked.value = "disable"; }}>Disable…</Button>}</div>
        <p class="dim"><a href={`/activity?user=${encodeURIComponent(name)}`}>What {name} did</a></p></section>
      <section class="block"><h3>Remove</h3><p class="dim">The name becomes free, sessions and API tokens end. The audit keeps what was done.</p>
        <div class="acts"><Button kind="danger" icon="remove" why={self ? "You cannot remove yourself; another admin can." : null} onClick={() => { asked.value = "remove"; }}>Remove user…</Button></div></section>
    </div>
    {asked.value === "disable" && <Confirm title={`Disable ${name}?`} act="Disable" danger onClose={close} onConfirm={() => change({ is_disabled: true }, `${name} is disabled and signed out.`)}><p>{name} is signed out everywhere at once, cannot log in, and API tokens of {name} do not work until you enable {name} again.</p></Confirm>}
    {asked.value === "out" && <Confirm title={`Sign ${self ? "yourself" : name} out everywhere?`} act="Sign out everywhere" onClose={close} onConfirm={() => change({ sign_out: true }, `Every session of ${name} has ended.`)}><p>Every browser and program that logged in as {name} has to log in again, terminals and streams end. API tokens go on: revoke those under API tokens.</p></Confirm>}
    {asked.value === "remove" && <Confirm title={`Remove ${name}?`} act="Remove the user" danger onClose={close} onConfirm={async () => { await api(`/api/users/${segment(name)}`, { method: "DELETE" }); toast({ kind: "done", text: `${name} is removed.` }); gone(); }}><p>{name} is signed out at once, and API tokens of {name} end. To keep the user but shut the door, disable instead.</p></Confirm>}
    {asked.value === "password" && <NewPassword name={name} onClose={close} change={change} />}
    {asked.value === "access" && <Access user={user} onClose={close} change={change} />}
  </aside>;
}

function NewPassword({ name, onClose, change }: { name: string; onClose: () => void; change: (body: unknown, said: string) => Promise<void> }) {
  const password = useSignal(""), failed = useSignal<ApiError | null>(null), busy = useSignal(false);
  const go = async () => {
    busy.value = true;
    try { await change({ password: password.value }, `${name} has a new password and is signed out everywhere.`); onClose(); }
    catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); busy.value = false; }
  };
  return <Sheet title={`New password for ${name}`} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void go()}>Set the password</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void go(); }}>
      <p>{name} is signed out everywhere; a lock after wrong passwords ends.</p>
      <Field label="New password" type="password" autocomplete="new-password" value={password} autoFocus error={failed.value?.field("password") ?? null} hint="At least 12 characters." />
      {failed.value && !failed.value.details["fields"] && <Trouble text={failed.value.message} />}
    </form></Sheet>;
}

function Access({ user, onClose, change }: { user: User; onClose: () => void; change: (body: unknown, said: string) => Promise<void> }) {
  const role = useSignal<string>(user.role), targets = useSignal(user.scope?.targets.join(" ") ?? ""), scripts = useSignal(user.scope?.scripts.join(" ") ?? "");
  const narrow = useSignal(user.scope !== null), failed = useSignal<ApiError | null>(null), busy = useSignal(false);
  const go = async () => {
    busy.value = true;
    const scope = narrow.value ? scopeOf(targets.value, scripts.value) : null;
    const body = { ...(role.value === user.role ? {} : { role: role.value as Role }), ...(scope ? { scope } : user.scope ? { unscoped: true } : {}) };
    try {
      if (Object.keys(body).length) await change(body, `${user.username} has other rights now, and logs in again.`);
      onClose();
    } catch (cause) { failed.value = cause instanceof ApiError ? cause : new ApiError(0, "", sentence(cause)); busy.value = false; }
  };
  return <Sheet title={`What ${user.username} may do`} onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void go()}>Save</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void go(); }}>
      <Select label="Role" value={role} options={roles} {...(user.is_from_provider ? { hint: "The identity provider sets it again at the next log-in." } : {})} />
      <Check label="Only some links or scripts" on={narrow.value} onChange={on => { narrow.value = on; }} />
      {narrow.value ? <ScopeFields role={role.value} targets={targets} scripts={scripts} errors={failed.value} /> : <p class="comes-to">{allowed(role.value, null)}</p>}
      <p class="dim">A change signs {user.username} out everywhere.</p>
      {failed.value && !failed.value.details["fields"] && <Trouble text={failed.value.message} />}
    </form></Sheet>;
}
