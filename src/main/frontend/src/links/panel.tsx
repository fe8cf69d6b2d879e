import { useSignal } from "@preact/signals";
import { newest, operations } from "../live/fleet";
import { newRun } from "../run";
import { denied } from "../session";
import { TerminalButton } from "../terminal/open";
import type { Link } from "../types";
import { what } from "../types";
import { Ago, Button, Empty, Icon, Skeleton, StatusMark, Trouble } from "../ui/basic";
import { EnrollSheet } from "./enroll";
import { useLink, verifyOne } from "./one";
import { RowMenu, type RowAction } from "./rowmenu";
import { About, Connection, Enrollment, HostKey } from "./sections";

/** One link beside the table or the map. */
export function LinkPanel({ id, onClose, actions }: { id: string; onClose: () => void; actions: (link: Link) => RowAction[] }) {
  const { link, failed } = useLink(id);
  const busy = useSignal(false), enrolling = useSignal(false), menu = useSignal<DOMRect | null>(null);
  const head = <header><button type="button" class="button ghost only back" onClick={onClose} aria-label="Back to the links" title="Back to the links"><Icon name="left" /></button><h2 id="link-title" title={id}>{id}</h2>
    <button type="button" class="button ghost only close" onClick={onClose} aria-label="Close details" title="Close details (Esc)"><Icon name="close" /></button></header>;
  if (!link) return <aside class="panel side" aria-labelledby="link-title">{head}{failed === null ? <Skeleton label="Loading the link" /> : failed ? <Trouble text={failed}><Button onClick={() => location.reload()}>Try again</Button></Trouble> : <Empty title="There is no such link">Neither the inventory nor its history knows {id}.</Empty>}</aside>;
  const ran = [...operations.value.values()].filter(o => o.selectors.includes(id)).sort(newest).slice(0, 5);
  const retired = link.retired ? `${id} is retired: it is no longer in links.yaml.` : null;
  return <aside class="panel side" aria-labelledby="link-title">
    {head}
    <div class="scroll">
      <div class="summary"><StatusMark state={retired ? "retired" : link.health.status} /><StatusMark state={link.enrollment.status} />{link.health.maintenance && <span class="tag">in maintenance</span>}</div>
      <div class="actions"><a class="button primary" href={`/links/${encodeURIComponent(id)}`}><Icon name="open" />Open page</a>
        <Button icon="play" why={retired ?? denied("operator", "Running scripts")} onClick={() => newRun({ picked: [id] })}>Run…</Button>
        <Button icon="verify" busy={busy.value} why={retired ?? denied("operator", "Verifying")} onClick={() => void verifyOne(id, busy)}>Verify</Button>
        <TerminalButton ids={[id]} why={retired} />
        <Button icon="more" label={`More actions for ${id}`} onClick={event => { menu.value = event.currentTarget.getBoundingClientRect(); }} /></div>
      {link.health.status === "offline" && link.health.error && link.enrollment.status !== "refused" && <div class="pad"><Trouble text={link.health.error} /></div>}
      <Enrollment link={link} onEnroll={() => { enrolling.value = true; }} />
      <HostKey link={link} />
      <Connection link={link} />
      <About link={link} />
      {ran.length > 0 && <section class="block" aria-label="Recent operations"><h3>Recent operations on it</h3><ul class="plain">{ran.map(o => <li key={o.id}><StatusMark state={o.status} /><a href={`/operations/${encodeURIComponent(o.id)}`}>{what(o)}</a><span class="end dim"><Ago at={o.queued_at} /></span></li>)}</ul></section>}
    </div>
    {enrolling.value && <EnrollSheet link={link} onClose={() => { enrolling.value = false; }} />}
    {menu.value && <RowMenu label={`Actions for ${id}`} from={menu.value} items={actions(link)} onClose={() => { menu.value = null; }} />}
  </aside>;
}
