export default function TerminalPage({ id }: { id: string | null }) {
  return <main id="page"><div class="title"><h1 tabIndex={-1}>Terminal</h1></div>{id}</main>;
}
