/*
 * The frontend's part of the Maven build; build.sh starts it.
 *
 *   build.mjs build   fetches what package-lock.json names and builds, each only if something changed since
 *   build.mjs test [skip=true]   runs the unit tests and holds the sizes of what was built against the budget
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = join(here, "../../../target");
const modules = join(here, "node_modules");
const page = join(target, "classes/web/index.html");
const fetched = join(modules, ".linkops-lock"), built = join(target, "frontend.stamp");

const stop = sentence => { console.error(sentence); process.exit(1); };

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || major === 20 && minor < 19) {
  stop(`LinkOps' browser frontend needs Node.js 20.19 or newer, and this is ${process.versions.node}. Install a newer one, or build the server alone with -Dfrontend.skip.`);
}

const read = path => existsSync(path) ? readFileSync(path, "utf8") : "";
const stamp = (path, text) => { mkdirSync(join(path, ".."), { recursive: true }); writeFileSync(path, text); };

function digest(...paths) {
  const hash = createHash("sha256").update(process.versions.node);
  const add = path => { hash.update(path.slice(here.length)); hash.update("\0"); hash.update(readFileSync(path)); hash.update("\0"); };
  const walk = path => readdirSync(path, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1).forEach(e => { if (e.isDirectory()) walk(join(path, e.name)); else add(join(path, e.name)); });
  for (const path of paths) if (path.endsWith("/")) walk(join(here, path)); else add(join(here, path));
  return hash.digest("hex");
}

function run(what, command, ...args) {
  try {
    execFileSync(command, args, { cwd: here, stdio: "inherit", env: { ...process.env, PATH: `${join(modules, ".bin")}${delimiter}${process.env.PATH}` } });
  } catch (cause) {
    stop(cause.code === "ENOENT" ? `'${command}' is not on the PATH; it comes with Node.js.` : what);
  }
}

function fetchModules() {
  const wanted = digest("package-lock.json", "package.json");
  if (read(fetched) === wanted) return;
  run("The frontend's parts could not be fetched: 'npm ci' failed, see above. It needs an npm registry.", "npm", "ci", "--no-audit", "--no-fund");
  stamp(fetched, wanted);
}

function build() {
  fetchModules();
  const sources = digest("src/", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json");
  if (read(built) === sources && existsSync(page)) return console.log("The frontend is up to date.");
  rmSync(built, { force: true });
  run("The frontend's sources do not compile, see above.", "tsc", "--noEmit");
  run("The frontend could not be built, see above.", "vite", "build", "--logLevel", "warn");
  stamp(built, sources);
  console.log("The frontend was built.");
}

function test() {
  if (process.argv[3] === "skip=true") return console.log("The frontend's tests are skipped.");
  fetchModules();
  run("The frontend's tests fail, see above.", "vitest", "run", "--reporter=dot");
}

const task = { build, test }[process.argv[2]];
if (!task) stop("usage: build.mjs build|test");
task();
