import type { Signal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";

interface FieldProps {
  label: string;
  value: Signal<string>;
  type?: "text" | "password" | "number";
  autocomplete?: string;
  autoFocus?: boolean;
  hint?: string;
  error?: string | null;
  mono?: boolean;
  min?: number;
  max?: number;
  inputMode?: "numeric";
  /** Id of a datalist with proposals. */
  list?: string;
}

/** A labelled input with its hint and what is wrong with it under it. */
export function Field({ label, value, type = "text", autocomplete = "off", autoFocus, hint, error, mono, min, max, inputMode, list }: FieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => { if (autoFocus) input.current?.focus(); }, []);
  return <div class={error ? "field wrong" : "field"}>
    <label for={id}>{label}</label>
    <input id={id} class={mono ? "mono" : undefined} type={type} autocomplete={autocomplete} ref={input} data-autofocus={autoFocus ? "true" : undefined} spellcheck={false} autocapitalize="none" value={value} min={min} max={max} inputMode={inputMode} list={list}
      aria-invalid={error ? "true" : undefined} aria-describedby={hint || error ? `${id}-note` : undefined}
      onInput={event => { value.value = (event.target as HTMLInputElement).value; }} />
    {(error || hint) && <p id={`${id}-note`} class="note">{error ?? hint}</p>}
  </div>;
}
