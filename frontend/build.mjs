// Writes the style sheet, the scripts and the images they need into the folder that Flask serves.
// Nothing is done when no input has changed since the last build.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const NHS = join(HERE, "node_modules/nhsuk-frontend/dist/nhsuk");
const OUT = join(HERE, "../cascade/web/static/build");
const STAMP = join(OUT, "inputs.sha256");

const inputs = ["app.scss", "embed.scss", "build.mjs", "package-lock.json"]
  .concat(["styles", "scripts", "images"].flatMap((folder) => readdirSync(join(HERE, folder)).map((name) => join(folder, name))))
  .sort();
const hash = createHash("sha256");
for (const name of inputs) hash.update(name).update(readFileSync(join(HERE, name)));
const stamp = hash.digest("hex");

if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp) {
  console.log("frontend: up to date");
} else {
  await build();
}

async function build() {
  const { compile } = await import("sass");
  const options = { loadPaths: [join(HERE, "node_modules"), HERE], quietDeps: true, style: "compressed" };
  const { css } = compile(join(HERE, "app.scss"), options);
  const embed = compile(join(HERE, "embed.scss"), options).css;
  const forgotten = css.match(/nhsuk-[a-z]+\(/);
  if (forgotten) throw new Error(`the style sheet calls ${forgotten[0]}…): its module is not used there`);
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(join(OUT, "images"), { recursive: true });
  writeFileSync(join(OUT, "app.css"), css);
  writeFileSync(join(OUT, "embed.css"), embed);
  for (const [, name] of css.matchAll(/url\("?\/static\/build\/images\/([^")]+)/g)) {
    cpSync(join(NHS, "assets/images", name), join(OUT, "images", name));
  }
  cpSync(join(NHS, "nhsuk-frontend.min.js"), join(OUT, "nhsuk-frontend.min.js"));
  cpSync(join(HERE, "scripts"), OUT, { recursive: true });
  cpSync(join(HERE, "images"), join(OUT, "images"), { recursive: true });
  writeFileSync(STAMP, stamp);
  console.log(`frontend: built ${Math.round(css.length / 1024)} kB of styles`);
}
