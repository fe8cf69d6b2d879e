import "../style/terminal.css";
import { query } from "../router";
import { denied } from "../session";
import { Empty } from "../ui/basic";
import { Lists } from "../terminal/lists";
import { WorkspacePage } from "../terminal/workspace";

export default function TerminalPage({ id }: { id: string | null }) {
  const why = denied("operator", "Using terminals");
  if (why) return <main id="page"><div class="title"><h1 tabIndex={-1}>Terminal</h1></div><Empty title="Terminals are not open to you">{why}</Empty></main>;
  return id === null ? <Lists view={query.value.get("view") === "recordings" ? "recordings" : "workspaces"} /> : <WorkspacePage key={id} id={id} />;
}
