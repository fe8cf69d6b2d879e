import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ApiError, sentence } from "../api";
import { address, adjust, query } from "../router";
import { logIn, me } from "../session";
import { findMethods, methods, problem, providerUrl } from "../signin";
import { Button, clock, now, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";

interface Lock { username: string; until: number }

function Lockout({ lock }: { lock: Lock }) {
  const left = useComputed(() => {
    const s = Math.max(0, Math.ceil((lock.until - now.value) / 1000));
    return s >= 60 ? `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s` : `${s} s`;
  });
  return <Trouble text={`Too many failed attempts: the account “${lock.username}” is locked until ${clock(lock.until)}. Until then even the right password is refused.`}>
    <p>You can try again in <b class="num">{left}</b>.</p>
  </Trouble>;
}

function LoginForm({ fixed }: { fixed?: string }) {
  const username = useSignal(fixed ?? ""), password = useSignal("");
  const busy = useSignal(false), error = useSignal<string | null>(null), lock = useSignal<Lock | null>(null);
  useEffect(() => void findMethods(), []);
  const oidc = methods.value?.oidc;
  const locked = lock.value !== null && lock.value.username === username.value && lock.value.until > now.value;
  const submit = async () => {
    if (!username.value || !password.value) { error.value = "Enter the user name and the password."; return; }
    busy.value = true;
    error.value = null;
    lock.value = null;
    try {
      await logIn(username.value, password.value);
    } catch (cause) {
      const until = cause instanceof ApiError && cause.code === "ACCOUNT_LOCKED" ? Date.parse(String(cause.details["unlock_at"])) : NaN;
      if (until > 0) lock.value = { username: username.value, until };
      else error.value = cause instanceof ApiError && cause.code === "INVALID_CREDENTIALS" ? "User name or password is wrong." : sentence(cause);
      password.value = "";
    }
    busy.value = false;
  };
  return <form class="stack" aria-label="Log in" onSubmit={event => { event.preventDefault(); if (!busy.value && !locked) void submit(); }}>
    <Field label="User name" value={username} autocomplete="username" autoFocus={!fixed} />
    <Field label="Password" type="password" value={password} autocomplete="current-password" autoFocus={!!fixed} />
    {error.value && <Trouble text={error.value} />}
    {locked && <Lockout lock={lock.value!} />}
    <Button kind="primary" submit busy={busy.value} why={locked ? `The account is locked until ${clock(lock.value!.until)}.` : null}>{busy.value ? "Logging in…" : "Log in"}</Button>
    {oidc && <a class="button" href={providerUrl(oidc.login_url, address.value)}>Log in with {oidc.name}</a>}
  </form>;
}

/** What the address tells of the log-in before: told once, then gone from it. */
function Before() {
  const trouble = useSignal(problem(query.peek().get("login_problem"))), left = useSignal(query.peek().has("left"));
  useEffect(() => adjust({ login_problem: null, left: null }), []);
  const oidc = methods.value?.oidc;
  if (trouble.value) return <Trouble text={trouble.value} />;
  return left.value && oidc?.logout_url ? <p>You are logged out of LinkOps. Your session at {oidc.name} goes on: <a href={oidc.logout_url}>log out there too</a>.</p> : null;
}

export const LoginPage = () => <main class="login">
  <div class="login-box">
    <h1><svg width="32" height="32" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 2.4 20.3 7.2v9.6L12 21.6l-8.3-4.8V7.2z" fill="none" stroke="var(--accent)" stroke-width="3" stroke-dasharray="7.2 2.4" /></svg>LinkOps</h1>
    <div class="stack"><Before /><LoginForm /></div>
  </div>
</main>;

/** Over the page when the session ended: after it everything goes on where it was. */
export const LoginSheet = () => <Sheet title="Your session has ended">
  <p>Log in again; the page stays as it is and goes on from here.</p>
  <LoginForm {...(me.peek() ? { fixed: me.peek()!.username } : {})} />
</Sheet>;
