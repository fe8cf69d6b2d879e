import { useSignal } from "@preact/signals";
import { api, ApiError, sentence } from "../api";
import { me } from "../session";
import { Button, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { Field } from "../ui/field";
import { toast } from "../ui/toast";

const SHORTEST = 12;

export function PasswordSheet({ onClose, change }: { onClose: () => void; change: (current: string, next: string) => Promise<void> }) {
  const current = useSignal(""), next = useSignal(""), again = useSignal("");
  const busy = useSignal(false), failed = useSignal<ApiError | null>(null), tried = useSignal(false);
  const nextError = next.value.length < SHORTEST ? `Use at least ${SHORTEST} characters; a sentence is easy to remember.` : null;
  const againError = next.value !== again.value ? "The two are not the same." : null;
  const submit = async () => {
    tried.value = true;
    if (!current.value || nextError || againError) return;
    busy.value = true;
    failed.value = null;
    try {
      await change(current.value, next.value);
      onClose();
      toast({ kind: "done", text: "The password is changed." });
      // The change may have ended this session: ask, so that the log-in sheet comes up now and not in mid-work.
      void api("/api/auth/me");
    } catch (cause) {
      failed.value = cause instanceof ApiError ? cause : new ApiError(0, "UNKNOWN", sentence(cause));
      busy.value = false;
    }
  };
  const error = failed.value;
  return <Sheet title="Change password" onClose={onClose} footer={<><Button onClick={onClose}>Cancel</Button><Button kind="primary" busy={busy.value} onClick={() => void submit()}>Change password</Button></>}>
    <form class="stack" onSubmit={event => { event.preventDefault(); void submit(); }}>
      <input class="unseen" type="text" autocomplete="username" value={me.value?.username ?? ""} readOnly tabIndex={-1} aria-hidden="true" />
      <Field label="Current password" type="password" autocomplete="current-password" value={current} autoFocus error={error?.field("current_password") ?? (tried.value && !current.value ? "Enter the password you have now." : null)} />
      <Field label="New password" type="password" autocomplete="new-password" value={next} error={error?.field("new_password") ?? (tried.value ? nextError : null)} hint={`At least ${SHORTEST} characters.`} />
      <Field label="New password again" type="password" autocomplete="new-password" value={again} error={tried.value ? againError : null} />
      <button type="submit" class="unseen" tabIndex={-1} aria-hidden="true" />
      {error && !error.details["fields"] && <Trouble text={error.code === "INVALID_CREDENTIALS" ? "The current password is not right. Nothing was changed." : error.message} />}
    </form>
  </Sheet>;
}
