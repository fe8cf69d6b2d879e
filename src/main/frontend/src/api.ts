import { signal } from "@preact/signals";

/** A refusal or failure as the API words it; `status` 0 means that no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
    readonly requestId = "",
  ) {
    super(message);
  }

  /** The sentence for one field of a refused form. */
  field(name: string): string | null {
    const fields = this.details["fields"] as Record<string, string> | undefined;
    return fields?.[name] ?? null;
  }
}

/** True while the session is over and the log-in sheet asks for it again; calls wait meanwhile. */
export const expired = signal(false);
let waiting: (() => void)[] = [];

/** Called once somebody has logged in again: everything that waited goes on. */
export function resume(): void {
  expired.value = false;
  const all = waiting;
  waiting = [];
  all.forEach(go => go());
}

const NETWORK = "LinkOps does not answer. Check that it runs and that this machine reaches it; nothing was changed here.";

async function failure(response: Response): Promise<ApiError> {
  try {
    const { error } = await response.json() as { error: { code: string; message: string; details?: Record<string, unknown>; request_id?: string } };
    return new ApiError(response.status, error.code, error.message, error.details, error.request_id);
  } catch {
    return new ApiError(response.status, "HTTP", `The server answered ${response.status} ${response.statusText} without an explanation.`);
  }
}

interface Call { method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; body?: unknown; /** answers a 401 as an error */ once?: boolean; signal?: AbortSignal }

/** Calls the API; where the session is over it waits for the next log-in and then asks again. */
export async function api<T>(path: string, { method = "GET", body, once = false, signal: abort }: Call = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-LinkOps"] = "1";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, {
      method, headers, credentials: "same-origin", cache: "no-store",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(abort ? { signal: abort } : {}),
    });
  } catch (cause) {
    if (abort?.aborted) throw cause;
    throw new ApiError(0, "NETWORK", NETWORK);
  }
  if (response.status === 401 && !once) {
    expired.value = true;
    await new Promise<void>(go => waiting.push(go));
    return api<T>(path, { method, body, ...(abort ? { signal: abort } : {}) });
  }
  if (!response.ok) throw await failure(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const post = <T>(path: string, body: unknown = {}) => api<T>(path, { method: "POST", body });
export const segment = (id: string) => encodeURIComponent(id);
export const sentence = (cause: unknown) => cause instanceof Error ? cause.message : String(cause);
