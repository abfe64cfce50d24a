import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const runner = fileURLToPath(new URL("./run-typescript.mjs", import.meta.url));
const program = fileURLToPath(new URL("./run-serve.ts", import.meta.url));

/** Run `signalbox serve --json --port 0` in a process of its own, until it listens. */
export async function startServe(...options: string[]) {
  const words = ["serve", "--json", "--port", "0", ...options];
  const child = spawn(process.execPath, [runner, program, ...words]);
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.trimEnd().endsWith("}")) resolve((JSON.parse(stdout) as { url: string }).url);
    });
    void ended.then((code) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  return {
    url,
    port: Number(new URL(url).port),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves with the exit code and what was said on stderr. */
    ended: async () => ({ code: await ended, stderr }),
    /** Resolves when stderr has said this. */
    saying: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (stderr.includes(text)) resolve();
        };
        child.stderr.on("data", look);
        look();
      }),
  };
}
