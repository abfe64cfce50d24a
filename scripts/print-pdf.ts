import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "../datasets/errors.js";

/** Print a page that needs no network to PDF, with the Chromium that is installed.
 * @param at ISO 8601 time that the file's own dates are set to, so that the same page gives the same bytes
 * @throws {InputError} when there is no Chromium, or it can't print */
export async function printPdf(html: string, at: string): Promise<Uint8Array> {
  const program = findChromium();
  const folder = mkdtempSync(join(tmpdir(), "signalbox-pdf-"));
  try {
    const [page, pdf] = [join(folder, "report.html"), join(folder, "report.pdf")];
    writeFileSync(page, still(html));
    const said = await run(program, [
      ...flags,
      `--user-data-dir=${join(folder, "profile")}`,
      `--print-to-pdf=${pdf}`,
      pathToFileURL(page).href,
    ]);
    return setDates(readPdf(pdf, program, said), at);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The page with its folds open and without its scripts: how far charts have come alive when it is printed differs from run to run. */
function still(html: string): string {
  return html
    .replaceAll(/<script\b[^>]*>.*?<\/script>/gs, "")
    .replaceAll(/<details(?! open)/g, "<details open");
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

function findChromium(): string {
  const named = process.env.SIGNALBOX_CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new InputError(
    `${named ?? "chromium"}: no Chromium to print a PDF with; install one, name it in SIGNALBOX_CHROMIUM, or open the HTML and print it`,
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const flags = [
  "--headless",
  // Chromium's own sandbox can't be set up by root or in most containers; the page is ours and may run no foreign script
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-pdf-header-footer",
  "--generate-pdf-document-outline",
  "--virtual-time-budget=10000",
];

const longestMs = 120_000;

function run(program: string, words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ["ignore", "ignore", "pipe"], timeout: longestMs });
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-2_000);
    });
    child.once("error", reject);
    child.once("close", () => resolve(said));
  });
}

function readPdf(path: string, program: string, said: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new InputError(
      `${program}: printed no PDF (${said.trim().split("\n").at(-1) || "it said nothing"}); open the HTML and print it`,
      { cause },
    );
  }
}

/** The dates in a PDF have a fixed length, so they can be set in place. */
function setDates(pdf: Buffer, at: string): Uint8Array {
  const stamp = at.replace(/\D/g, "").slice(0, 14);
  const text = pdf.toString("latin1").replace(/(\/(?:CreationDate|ModDate) \(D:)\d{14}/g, `$1${stamp}`);
  return Buffer.from(text, "latin1");
}
