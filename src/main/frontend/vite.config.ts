import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Everything whose code or outlines end up in what is served. */
const shipped = ["preact", "@preact/signals", "@preact/signals-core", "@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono", "@xterm/xterm", "@xterm/addon-fit", "@xterm/addon-search", "@xterm/addon-web-links", "@xterm/addon-unicode11"];

/** Puts the licences of what is shipped beside it, as they ask for. */
const licenses: Plugin = {
  name: "licenses",
  generateBundle() {
    const texts = shipped.map(name => {
      const at = new URL(`node_modules/${name}/`, import.meta.url);
      const { version, license } = JSON.parse(readFileSync(new URL("package.json", at), "utf8")) as { version: string; license: string };
      const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].map(f => new URL(f, at)).find(f => existsSync(f));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(file, "utf8").trim() : ""}\n`;
    });
    const icons = readFileSync(new URL("src/ui/icons.ts", import.meta.url), "utf8").match(/\/\*([\s\S]*?)\*\//)![1]!.replace(/^ \* ?/gm, "").trim();
    this.emitFile({ type: "asset", fileName: "assets/licenses.txt", source: [...texts, `Lucide icons\n\n${icons}\n`].join(`\n${"-".repeat(80)}\n\n`) });
  },
};

export default defineConfig({
  base: "/",
  plugins: [licenses],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../../../target/classes/web",
    emptyOutDir: true,
    assetsDir: "assets",
    assetsInlineLimit: 0, // a data: font or script would need holes in the content security policy
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
  },
  // "npm run dev" serves the pages as they are edited; what they ask is answered by a real LinkOps, such as "linkops
  // demo" (LINKOPS=http://… names another one). Terminals need WebSockets handed on too.
  server: { proxy: { "/api": { target: process.env["LINKOPS"] ?? "http://127.0.0.1:8080", ws: true } } },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
