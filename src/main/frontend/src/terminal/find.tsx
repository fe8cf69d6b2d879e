import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { sentence } from "../api";
import { Button } from "../ui/basic";
import { toast } from "../ui/toast";
import type { Screen } from "./screen";

/** Looks for text in what a terminal has shown. */
export function Find({ screen, onClose }: { screen: { current: Screen | null }; onClose: () => void }) {
  const text = useSignal(""), at = useSignal(-1), all = useSignal(0);
  const input = useRef<HTMLInputElement>(null);
  const finder = useRef<Awaited<ReturnType<Screen["search"]>> | null>(null);
  useEffect(() => {
    input.current?.focus();
    screen.current?.search().then(found => {
      finder.current = found;
      found.onCount((index, count) => { at.value = index; all.value = count; });
      if (text.peek()) find(true);
    }, cause => toast({ kind: "error", text: `The search could not be loaded: ${sentence(cause)}` }));
    return () => finder.current?.clear();
  }, []);
  const find = (back: boolean) => {
    if (!text.peek()) { finder.current?.clear(); all.value = 0; return; }
    finder.current?.next(text.peek(), back);
  };
  return <div class="term-find" role="search">
    <input ref={input} type="search" aria-label="Search the terminal" placeholder="Search" value={text} spellcheck={false} autocapitalize="none" autocomplete="off"
      onInput={event => { text.value = (event.target as HTMLInputElement).value; find(true); }}
      onKeyDown={event => {
        if (event.key === "Enter") find(!event.shiftKey);
        else if (event.key === "Escape") onClose();
        else return;
        event.preventDefault();
        event.stopPropagation();
      }} />
    <span class="num dim" role="status">{text.value ? all.value ? `${at.value >= 0 ? at.value + 1 : "?"}/${all.value}` : "none" : ""}</span>
    <Button kind="ghost" class="small" icon="up" label="Find above" why={text.value ? null : "Type what to look for."} onClick={() => find(true)} />
    <Button kind="ghost" class="small" icon="down" label="Find below" why={text.value ? null : "Type what to look for."} onClick={() => find(false)} />
    <Button kind="ghost" class="small" icon="close" label="Close the search" onClick={onClose} />
  </div>;
}
