import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A program that printed where it listens. */
export interface Child {
  url: string;
  /** What it wrote to standard error so far. */
  errors(): string;
  /** Send a signal and wait until it is gone.
   * @returns its exit code; null when the signal ended it */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Start a Node program and wait for the URL that it prints first.
 * @throws {Error} with its standard error when it ends before */
export async function startChild(
  program: string,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<Child> {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    errors += chunk.toString("utf8");
  });
  const url = await firstLine(child);
  if (url === null) throw new Error(`${program} ended before it listened: ${errors}`);
  return {
    url,
    errors: () => errors,
    async stop(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      const [code] = (await once(child, "exit")) as [number | null];
      return code;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string | null> {
  for await (const line of createInterface({ input: child.stdout! })) {
    child.stdout!.resume();
    return line;
  }
  return null;
}
