import { useSignal } from "@preact/signals";
import { ApiError, api, segment, sentence } from "../api";
import { linkById } from "../live/fleet";
import type { Link } from "../types";
import type { Enrolling, EnrollStage } from "../types/fleet";
import { Button, Code, Fact, Facts, Icon, Trouble } from "../ui/basic";
import { Sheet } from "../ui/dialog";
import { fetchLink } from "./one";
import { OfferedKey } from "./sections";

const stages: [EnrollStage, string][] = [
  ["connect", "Connect"], ["host_key", "Compare the host key"], ["log_in", "Log in"], ["existing_id", "Look at the id that is there"], ["write", "Write the expected id"], ["verify", "Read it again and verify"],
];

export const enroll = (id: string, replace: boolean) => api<Enrolling>(`/api/links/${segment(id)}/enroll`, { method: "POST", body: { replace } });

/** Writes the client id over SSH, step by step; says at each what was done, and at the one that failed what to do. */
export function EnrollSheet({ link: first, onClose }: { link: Link; onClose: () => void }) {
  const link = linkById.value.get(first.id) ?? first;
  const busy = useSignal(false), result = useSignal<Enrolling | null>(null), failed = useSignal<string | null>(null), offered = useSignal<string | null>(null), replace = useSignal(false);
  const go = async () => {
    busy.value = true;
    failed.value = offered.value = null;
    result.value = null;
    try {
      result.value = await enroll(link.id, replace.peek());
    } catch (cause) {
      failed.value = sentence(cause);
      // The link through which one goes may be the one whose key nobody has confirmed: its own page is the place then.
      if (cause instanceof ApiError && cause.details["link"] === link.id && typeof cause.details["offered"] === "string") offered.value = cause.details["offered"];
    }
    busy.value = false;
    void fetchLink(link.id).catch(() => { /* the stream of events brings it */ });
  };
  const done = new Map(result.value?.steps.map(s => [s.step, s]));
  const stopped = result.value !== null && !result.value.enrolled;
  const other = stopped && result.value!.steps.at(-1)?.step === "existing_id";
  const enrolled = result.value?.enrolled === true;
  return <Sheet title={`Enroll ${link.id}`} onClose={onClose} footer={enrolled ? <Button kind="primary" onClick={onClose}>Done</Button>
    : <><Button onClick={onClose}>{result.value ? "Close" : "Cancel"}</Button><Button kind={replace.value ? "danger" : "primary"} icon="fingerprint" busy={busy.value} why={other && !replace.value ? "Another id is there: say below that it may be replaced." : null} onClick={() => void go()}>{busy.value ? "Enrolling…" : result.value || failed.value ? "Try again" : "Enroll over SSH"}</Button></>}>
    <p>LinkOps logs in to <code>{link.user}@{link.host}</code> and writes the id that links.yaml says into a file there. It needs the right to write the file, or sudo.</p>
    <Facts><Fact name="Expected id"><Code text={link.enrollment.client_id} label="Copy the expected id" /></Fact><Fact name="File"><code>{link.enrollment.path}</code></Fact></Facts>
    <ol class="enroll-steps" aria-label="Steps" aria-busy={busy.value}>{stages.map(([stage, title]) => {
      const step = done.get(stage);
      const state = step ? step.ok ? "ok" : "bad" : busy.value ? "run" : result.value ? "off" : "wait";
      return <li key={stage} class={`enroll-${state}`}><span class="enroll-mark" aria-hidden="true">{state === "ok" ? <Icon name="check" size={14} /> : state === "bad" ? <Icon name="close" size={14} /> : state === "run" ? <i class="turning" /> : null}</span>
        <div><strong>{title}</strong><span class="unseen">{{ ok: ": done", bad: ": failed", run: ": under way", off: ": not needed or not reached", wait: "" }[state]}</span>{step && <p>{step.message}</p>}</div></li>;
    })}</ol>
    {enrolled && <p class="calm-line" role="status"><Icon name="check" />{link.id} is enrolled{result.value!.replaced !== null && <>; it held <code>{result.value!.replaced}</code> before</>}.</p>}
    {other && <label class="consent"><input type="checkbox" checked={replace.value} onChange={event => { replace.value = (event.target as HTMLInputElement).checked; }} />This is the right machine: the other id may be replaced.</label>}
    {failed.value && <Trouble text={failed.value} />}
    {offered.value && <><Facts><Fact name="Offered key"><Code text={offered.value} label="Copy the offered fingerprint" /></Fact></Facts><OfferedKey link={link} offered={offered.value} onConfirmed={() => { offered.value = failed.value = null; }} /></>}
  </Sheet>;
}
