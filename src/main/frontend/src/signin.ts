import { signal } from "@preact/signals";
import { api } from "./api";

/** The ways to log in, as the server offers them. */
export interface Methods { password: boolean; oidc: { name: string; login_url: string; logout_url: string | null } | null }

export const methods = signal<Methods | null>(null);

/** Asked when somebody has to log in. Without an answer there is the form, which says what is wrong. */
export async function findMethods(): Promise<void> {
  try { methods.value = await api<Methods>("/api/auth/methods", { once: true }); } catch { methods.value = null; }
}

const problems: Record<string, string> = {
  unreachable: "The log-in provider does not answer, or is not set up as LinkOps expects. Try again in a minute, or log in with a password of LinkOps; an admin finds the cause in LinkOps' log.",
  stale: "This log-in took too long, was ended before, or began at another address. Begin it again here.",
  refused: "The log-in provider did not let you in, or you cancelled. Try again, or ask who runs the provider.",
  untrusted: "What the log-in provider said of you could not be proven, so you were not let in. An admin finds the cause in LinkOps' log.",
  busy: "Too many people are logging in at this moment. Try again in a few seconds.",
  no_role: "The log-in provider knows you, but gives you no role in LinkOps. Ask an admin for one there, then log in again.",
  name_taken: "Another user of LinkOps already has your name. Ask an admin to rename or delete one of the two.",
  name_unusable: "LinkOps cannot use the user name that the log-in provider gave. Ask an admin to look at oidc.username_claim.",
  disabled: "Your user is disabled in LinkOps. An admin can change that.",
  too_many_users: "LinkOps has as many users as it can have. Ask an admin to delete one.",
};

/** What to tell somebody who came back from the provider with this word; the address may hold any text, shown is only ours. */
export const problem = (word: string | null) =>
  word === null ? null : Object.hasOwn(problems, word) ? problems[word]! : "The log-in did not work. Try again; an admin finds the cause in LinkOps' log.";

/** Where the button leads, so that the way back ends on the page asked for. */
export function providerUrl(loginUrl: string, address: string): string {
  const [path, query] = address.split("?");
  const rest = new URLSearchParams(query ?? "");
  rest.delete("login_problem");
  rest.delete("left");
  const page = rest.size ? `${path}?${rest.toString()}` : path!;
  return page === "/" ? loginUrl : `${loginUrl}?return_to=${encodeURIComponent(page)}`;
}
