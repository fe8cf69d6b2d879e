import { Button, clock, Skeleton, Trouble } from "../ui/basic";
import { connection, heardAt, refetch, troubled } from "./fleet";

/** Beside a page's title while LinkOps cannot be heard: what is shown stays, and says of when it is. */
export const AsOf = () => connection.value === "lost" ? <span class="as-of num" title="The connection is lost and will be made again by itself.">as of {clock(heardAt.value)}</span> : null;

/** In the place of what all pages share and no answer has brought yet. */
export const Awaited = ({ rows, label }: { rows?: number; label: string }) =>
  troubled.value ? <Trouble text={troubled.value}><Button onClick={() => void refetch()}>Try again</Button></Trouble> : <Skeleton {...(rows ? { rows } : {})} label={label} />;
