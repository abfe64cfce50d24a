import { openWorkspace } from "../../datasets/workspace.js";
import { startReportServer } from "../open/report-server.js";
import { stopSignal } from "../serve/stop-signal.js";
import { printJson, printLine } from "../terminal.js";
import { checkNumbers } from "./check-numbers.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox open`: the workspace's report in a browser, live while stages run. */
export const openCommand = defineCommand({
  command: "open",
  describe: "Serve the report on this machine, live while stages run",
  builder: (yargs) =>
    checkNumbers(
      yargs
        .option("workspace", sharedOptions.workspace)
        .option("port", { type: "number", default: 8788, describe: "Port to listen on; 0 takes a free one" })
        .option("json", sharedOptions.json)
        .example("$0 open --workspace ws", "Open http://127.0.0.1:8788/ in a browser"),
      { port: { from: 0, to: 65_535, isWhole: true } },
    ),
  handler: async ({ workspace, port, json }) => {
    const server = await startReportServer(openWorkspace(workspace), { port });
    const stopped = stopSignal();
    if (json) printJson({ url: server.url, pid: process.pid });
    else printLine(`The report is at ${server.url}; Ctrl-C stops it.`);
    await stopped;
    await server.stop();
    process.stderr.write("stopped\n");
  },
});
