import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Button, Skeleton, Trouble } from "./basic";

/** A part that is fetched when it is first needed. A failed fetch (LinkOps was upgraded meanwhile) offers to reload. */
export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, quiet = false, inPage = false): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const state = useSignal<"wait" | "there" | "failed">(loaded ? "there" : "wait");
    useEffect(() => {
      if (loaded) return;
      load().then(part => { loaded = part.default; state.value = "there"; }, () => { state.value = "failed"; });
    }, []);
    if (state.value === "there" && loaded) { const Part = loaded; return <Part {...props} />; }
    if (state.value === "failed") {
      const trouble = <Trouble text="This page could not be loaded; LinkOps may have been upgraded."><Button onClick={() => location.reload()}>Reload</Button></Trouble>;
      return inPage ? trouble : <main id="page">{trouble}</main>;
    }
    return quiet ? null : inPage ? <Skeleton label="Loading" /> : <main id="page"><Skeleton label="Loading" /></main>;
  };
}
