export default function SettingsPage({ part }: { part: string | null }) {
  return <main id="page"><div class="title"><h1 tabIndex={-1}>Settings</h1></div>{part}</main>;
}
