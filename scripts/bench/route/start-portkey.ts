import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { packageRoot } from "../../../datasets/package-root.js";
import type { Route } from "./measure-fetch.js";

/** Start Portkey's gateway on loopback, where `@portkey-ai/gateway` is installed.
 * @param folder directory whose node_modules holds it; the project's own when absent
 * @returns a route through it, or null when it isn't installed */
export async function startPortkey(
  folder: string = packageRoot,
): Promise<{ route: Route; version: string; close: () => void } | null> {
  const installed = findGateway(folder);
  if (installed === null) return null;
  const port = await freePort();
  const program = join(installed.folder, "build", "start-server.js");
  const child = spawn(process.execPath, [program, `--port=${port}`, "--headless"], { stdio: "ignore" });
  const base = `http://127.0.0.1:${port}/v1/chat/completions`;
  await untilReady(base);
  const route: Route = (url, init) =>
    fetch(base, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": url.replace(/\/chat\/completions$/, ""),
      },
    });
  return { route, version: installed.version, close: () => void child.kill() };
}

function findGateway(folder: string): { folder: string; version: string } | null {
  const require = createRequire(join(folder, "package.json"));
  try {
    const manifest = require.resolve("@portkey-ai/gateway/package.json");
    return { folder: dirname(manifest), version: (require(manifest) as { version: string }).version };
  } catch {
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const isUp = await fetch(url, { method: "POST", body: "{}" }).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Portkey's gateway did not start within 30 s");
}
