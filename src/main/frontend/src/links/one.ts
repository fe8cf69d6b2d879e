import { useSignal, type Signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { api, ApiError, post, segment, sentence } from "../api";
import { linkById, linksReady, patchLink } from "../live/fleet";
import type { Link } from "../types";
import { toast } from "../ui/toast";

/** One link, kept current; retired ones are not in the list, but are kept on the server. `failed` is "" if there is no such link. */
export function useLink(id: string): { link: Link | null; failed: string | null } {
  const other = useSignal<Link | null>(null), failed = useSignal<string | null>(null);
  const here = linkById.value.get(id);
  const asks = linksReady.value && !here;
  useEffect(() => {
    if (asks) api<Link>(`/api/links/${segment(id)}`).then(l => { other.value = l; }, cause => { failed.value = cause instanceof ApiError && cause.status === 404 ? "" : sentence(cause); });
  }, [id, asks]);
  return { link: here ?? other.value, failed: failed.value };
}

export const fetchLink = async (id: string) => patchLink(await api<Link>(`/api/links/${segment(id)}`));

export async function verifyOne(id: string, busy: Signal<boolean>): Promise<void> {
  busy.value = true;
  try {
    const result = await post<{ enrolled: boolean; error: string | null }>(`/api/links/${segment(id)}/verify`);
    await fetchLink(id);
    toast(result.enrolled ? { kind: "done", text: `${id} is enrolled.` } : { kind: "note", text: `${id} is not enrolled: ${result.error ?? "see the reason on its page."}` });
  } catch (cause) {
    toast({ kind: "error", text: `${id} was not verified: ${sentence(cause)}` });
  }
  busy.value = false;
}
