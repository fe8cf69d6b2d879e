import { active } from "../live/fleet";
import { path } from "../router";
import { Icon } from "../ui/basic";
import type { IconName } from "../ui/icons";

const places: { to: string; text: string; icon: IconName }[] = [
  { to: "/", text: "Overview", icon: "overview" },
  { to: "/links", text: "Links", icon: "links" },
  { to: "/operations", text: "Operations", icon: "operations" },
  { to: "/scripts", text: "Scripts", icon: "scripts" },
  { to: "/terminal", text: "Terminal", icon: "terminal" },
  { to: "/activity", text: "Activity", icon: "activity" },
  { to: "/settings", text: "Settings", icon: "settings" },
];

export function Rail() {
  const at = path.value;
  return <nav class="rail" aria-label="Main">{places.map(place => {
    const here = place.to === "/" ? at === "/" : at === place.to || at.startsWith(`${place.to}/`);
    const running = place.to === "/operations" ? active.value.length : 0;
    return <a key={place.to} href={place.to} class={here ? "here" : ""} aria-current={here ? "page" : undefined}>
      <Icon name={place.icon} size={18} /><span>{place.text}</span>
      {running > 0 && <b class="num" aria-label={`${running} running`}>{running}</b>}</a>;
  })}</nav>;
}
