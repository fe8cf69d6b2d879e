import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/",
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
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
