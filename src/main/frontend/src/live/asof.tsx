import { clock } from "../ui/basic";
import { connection, heardAt } from "./fleet";

/** Beside a page's title while LinkOps cannot be heard: what is shown stays, and says of when it is. */
export const AsOf = () => connection.value === "lost" ? <span class="as-of num" title="The connection is lost and will be made again by itself.">as of {clock(heardAt.value)}</span> : null;
