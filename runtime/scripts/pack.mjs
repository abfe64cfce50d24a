/** Lay out what is published: one minified bundle per entry of package.json's exports, shared code in chunks, and only the type files that an
 * entry reaches, without comments but for those of the documented ones. Reads dist/ as `tsc -b` leaves it.
 *
 *   node scripts/pack.mjs FOLDER    writes the whole package to FOLDER; dist/ stays as it is
 *   node scripts/pack.mjs           puts the bundles in place of dist/ (npm's prepack; postpack builds dist/ again) */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(manifest.exports).filter((target) => typeof target === "object");

/** Type files whose comments editors show while a router is set up; all others would add a quarter to the package. docs/runtime.md has the rest. */
const documented = [
  "artifact/load-router",
  "life/load-bytes-options",
  "router/router",
  "adapters/routed-fetch-options",
];

const target = process.argv[2];
if (target === undefined) {
  const staged = join(root, "dist-packed");
  const old = join(root, "dist-built");
  await writeDist(staged);
  renameSync(join(root, "dist"), old);
  renameSync(staged, join(root, "dist"));
  rmSync(old, { recursive: true });
} else {
  mkdirSync(target, { recursive: true });
  await writeDist(join(target, "dist"));
  const { scripts: _, ...published } = manifest;
  writeFileSync(join(target, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  for (const name of ["README.md", "LICENSE"]) cpSync(join(root, name), join(target, name));
}

async function writeDist(folder) {
  rmSync(folder, { recursive: true, force: true });
  await bundle(folder);
  copyTypes(folder);
}

async function bundle(folder) {
  const named = entries.map(({ default: file }) => [
    relative("dist", file).replace(/\.js$/, ""),
    join(root, file),
  ]);
  await build({
    input: Object.fromEntries(named),
    platform: "node",
    external: [/^node:/, ...Object.keys(manifest.peerDependencies)],
    logLevel: "warn",
    output: {
      dir: folder,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: "chunks/[name]-[hash].js",
      minify: {
        compress: true,
        mangle: { toplevel: true },
        codegen: { removeWhitespace: true },
      },
    },
  });
}

/** Copy the type files that the entries' own import, and theirs in turn. */
function copyTypes(folder) {
  const dist = join(root, "dist");
  const waiting = entries.map(({ types }) => join(root, types));
  const seen = new Set();
  while (waiting.length > 0) {
    const file = waiting.pop();
    if (seen.has(file)) continue;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    const copy = join(folder, relative(dist, file));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, isDocumented(relative(dist, file)) ? text : withoutComments(text));
    for (const [, path] of text.matchAll(/(?:from |import\()"(\.[^"]+)\.js"/g)) {
      const next = join(dirname(file), `${path}.d.ts`);
      if (!existsSync(next)) throw new Error(`${relative(root, file)} imports ${path}, which has no types`);
      waiting.push(next);
    }
  }
}

function isDocumented(file) {
  return documented.includes(file.replace(/\.d\.ts$/, ""));
}

/** Comments of TypeScript's output stand on lines of their own. */
function withoutComments(text) {
  return text.replace(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, "");
}
