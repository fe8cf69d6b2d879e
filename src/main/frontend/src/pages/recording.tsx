export default function RecordingPage({ id }: { id: string }) {
  return <main id="page"><div class="title"><h1 tabIndex={-1}>Recording</h1></div>{id}</main>;
}
