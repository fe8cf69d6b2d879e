export default function ActivityPage() {
  return <main id="page"><div class="title"><h1 tabIndex={-1}>Activity</h1></div></main>;
}
