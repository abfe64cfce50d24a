import { ArtifactError, loadRouter, type Router } from "@signalbox/runtime";
import { InputError } from "../../datasets/errors.js";
import { startDecisionServer } from "../serve/decision-server.js";
import { stopSignal } from "../serve/stop-signal.js";
import { printJson, printLine } from "../terminal.js";
import { checkNumbers } from "./check-numbers.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox serve`: decisions over HTTP, for callers that aren't Node. */
export const serveCommand = defineCommand({
  command: "serve",
  describe: "Decide over HTTP, beside a gateway or a service in another language",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("artifact", sharedOptions.artifact)
        .option("port", { type: "number", default: 8787, describe: "Port to listen on; 0 takes a free one" })
        .option("host", { type: "string", default: "127.0.0.1", describe: "Address to listen on" })
        .option("watch", {
          type: "boolean",
          default: false,
          describe: "Swap in an artifact that is exported while the server runs, once it passes every check",
        })
        .option("kill-switch-file", {
          type: "string",
          describe: "While this file is there, every request goes to the default model",
        })
        .option("log", {
          type: "string",
          describe: "Decision log, a JSONL file that is appended to",
        })
        .option("default-model", {
          type: "string",
          defaultDescription: "the policy's",
          describe:
            "Model where the router can't decide; with it the server also starts without a usable artifact",
        })
        .option("max-body-kb", { type: "number", default: 1024, describe: "Largest body, kB" })
        .option("max-concurrency", {
          type: "number",
          default: 256,
          describe: "Requests answered at the same time; more get 503",
        })
        .option("shutdown-ms", {
          type: "number",
          default: 10_000,
          describe: "How long requests may take to finish after SIGTERM",
        })
        .option("json", sharedOptions.json)
        .example("$0 serve --artifact ws/artifact --log decisions.jsonl", "Listen on 127.0.0.1:8787"),
      {
        port: { from: 0, to: 65_535, isWhole: true },
        "max-body-kb": { from: 1, to: 1_048_576, isWhole: true },
        "max-concurrency": { from: 1, isWhole: true },
        "shutdown-ms": { from: 0, to: 2 ** 31 - 1, isWhole: true },
      },
    ),
  handler: async (options) => {
    const { host, port, maxBodyKb, maxConcurrency, shutdownMs, json } = options;
    const router = await openRouter(options);
    const server = await startDecisionServer({
      router,
      host,
      port,
      maxBodyBytes: maxBodyKb * 1024,
      maxConcurrency,
      failsOpen: options.defaultModel !== undefined,
    });
    const stopped = stopSignal();
    if (json) printJson({ url: server.url, artifact: router.artifact, pid: process.pid });
    else
      printLine(`Listening on ${server.url} with artifact ${router.artifact ?? "none"}; SIGTERM stops it.`);
    const signal = await stopped;
    process.stderr.write(`${signal}: finishing what is being answered\n`);
    const inTime = await server.stop(shutdownMs);
    await router.close();
    const { decisions, recorded, lost } = router.stats();
    const cut = inTime ? "" : `; not all was finished within ${shutdownMs} ms`;
    process.stderr.write(`stopped: ${decisions} decisions, ${recorded} logged, ${lost} lost${cut}\n`);
  },
});

interface RouterChoices {
  artifact: string;
  watch: boolean;
  killSwitchFile: string | undefined;
  log: string | undefined;
  defaultModel: string | undefined;
}

async function openRouter(choices: RouterChoices): Promise<Router> {
  const { artifact, watch, killSwitchFile, log, defaultModel } = choices;
  const onError = defaultModel === undefined ? "throw" : "default";
  try {
    return await loadRouter(artifact, { watch, killSwitchFile, onError, defaultModel, decisionLog: log });
  } catch (error) {
    throw error instanceof ArtifactError ? new InputError(error.message, { cause: error }) : error;
  }
}
