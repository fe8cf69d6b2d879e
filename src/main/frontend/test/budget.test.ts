import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const web = fileURLToPath(new URL("../../../../target/classes/web/", import.meta.url));
const there = existsSync(`${web}index.html`);
const size = (file: string) => gzipSync(readFileSync(web + file), { level: 9 }).length;
const html = there ? readFileSync(`${web}index.html`, "utf8") : "";
const first = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(m => m[1]!);

test("the frontend is built", () => expect(there, "Build it first: npm run build").toBe(true));

test("the first load is at most 60 KB of script and style", () => {
  expect(first.length).toBeGreaterThanOrEqual(2);
  expect(first.reduce((sum, file) => sum + size(file), 0)).toBeLessThanOrEqual(60 * 1024);
});

test("each page that is loaded later is at most 15 KB, the terminal itself 95 KB", () => {
  const later = readdirSync(`${web}assets`).filter(f => /\.(js|css)$/.test(f) && !first.includes(`assets/${f}`));
  expect(later.length).toBeGreaterThan(0);
  for (const file of later) expect(size(`assets/${file}`), file).toBeLessThanOrEqual((readFileSync(`${web}assets/${file}`, "utf8").includes("xterm-helper-textarea") ? 95 : 15) * 1024);
});

test("the page has the nonce's place and nothing that a strict policy refuses", () => {
  expect(html).toContain('nonce="@nonce@"');
  expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son\w+=|https?:\/\//);
});

test("no script builds markup or code from text", () => {
  for (const file of readdirSync(`${web}assets`).filter(f => f.endsWith(".js"))) {
    expect(readFileSync(`${web}assets/${file}`, "utf8"), file).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML|\.outerHTML/);
  }
});
