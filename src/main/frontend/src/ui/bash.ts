export interface Token { text: string; cls: "" | "comment" | "string" | "variable" | "keyword" }

const PART = /(^|(?<=[\s;|&(]))#.*$|'[^']*'?|"(?:\\.|[^"\\])*"?|\$(?:\w+|\{[^}]*\}?|[@*#?$!-])|\b(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|in|function|select|time|local|export|readonly|declare|return|exit|set|trap|source)\b/g;

/** Colours one line of bash for reading; strings over several lines are not followed. */
export function tokens(line: string): Token[] {
  const out: Token[] = [];
  let at = 0;
  for (const m of line.matchAll(PART)) {
    if (m.index > at) out.push({ text: line.slice(at, m.index), cls: "" });
    const text = m[0];
    out.push({ text, cls: text.startsWith("#") ? "comment" : /^['"]/.test(text) ? "string" : text.startsWith("$") ? "variable" : "keyword" });
    at = m.index + text.length;
  }
  if (at < line.length) out.push({ text: line.slice(at), cls: "" });
  return out;
}
