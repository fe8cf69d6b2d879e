import { signal } from "@preact/signals";
import { api, ApiError, post, resume, sentence } from "./api";
import type { Me, Role } from "./types";

/** Who is logged in: undefined while that is being asked, null if nobody is. */
export const me = signal<Me | null | undefined>(undefined);
/** Why it could not be asked, if it could not. */
export const unreachable = signal<string | null>(null);

export async function whoAmI(): Promise<void> {
  try {
    me.value = await api<Me>("/api/auth/me", { once: true });
    unreachable.value = null;
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 401) { me.value = null; unreachable.value = null; }
    else unreachable.value = sentence(cause);
  }
}

export async function logIn(username: string, password: string): Promise<void> {
  const before = me.peek();
  await api("/api/auth/login", { method: "POST", body: { username, password }, once: true });
  const now = await api<Me>("/api/auth/me", { once: true });
  // Another person's rights may differ from what the page shows: begin afresh.
  if (before && before.username !== now.username) { location.reload(); return; }
  me.value = now;
  resume();
}

export async function logOut(): Promise<void> {
  try { await api("/api/auth/logout", { method: "POST", once: true }); } catch (cause) {
    if (!(cause instanceof ApiError && cause.status === 401)) throw cause;
  }
  location.assign("/?left=1");
}

export const changePassword = (current: string, next: string) =>
  post<void>("/api/auth/password", { current_password: current, new_password: next });

const rank: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 };

/** As `denied`, for what concerns the whole fleet: it is closed to whoever has a scope, whatever the role. */
export function closed(needed: Role, act: string): string | null {
  const scopes = me.value?.scopes ?? [];
  if (!scopes.length) return denied(needed, act);
  const to = scopes.flatMap(s => [...s.targets, ...s.scripts]).join(", ");
  return denied(needed, act) ?? `${act} concerns the whole fleet, and your access is narrowed to ${to}. An admin without a scope can do it.`;
}

/** Why the person may not do this, or null if they may. */
export function denied(needed: Role, act: string): string | null {
  const role = me.value?.role ?? "viewer";
  return rank[role] >= rank[needed] ? null : `${act} needs the role ${needed}; yours is ${role}. An admin can change that.`;
}
