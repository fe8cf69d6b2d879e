/** Splits a text where it names a place in a file (`links.yaml:12`, `scripts.yaml: line 4`), so that places can stand out. Pure. */
export function located(text: string): { text: string; place: boolean }[] {
  const out: { text: string; place: boolean }[] = [];
  let at = 0;
  for (const found of text.matchAll(/[\w./-]+\.(?:ya?ml|sh|ini)(?::\s?(?:line\s)?\d+(?::\d+)?|,? line \d+)?/g)) {
    if (found.index > at) out.push({ text: text.slice(at, found.index), place: false });
    out.push({ text: found[0], place: true });
    at = found.index + found[0].length;
  }
  if (at < text.length) out.push({ text: text.slice(at), place: false });
  return out;
}
