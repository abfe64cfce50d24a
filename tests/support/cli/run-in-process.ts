import { vi } from "vitest";
import { runCli } from "../../../scripts/run-cli.js";

/** What a command line left behind. */
export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Run a command line in this process, as `signalbox` does in one of its own.
 * @param onPrint called with what is printed on stdout, as it is */
export async function runInProcess(
  words: readonly string[],
  onPrint: (text: string) => void = () => {},
): Promise<CliRun> {
  const run: CliRun = { code: -1, stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((chunk) => {
      run[name] += String(chunk);
      if (name === "stdout") onPrint(String(chunk));
      return true;
    }),
  );
  try {
    run.code = await runCli([...words]);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return run;
}

/** Run a command line that serves until it is stopped: ask the address that it prints, then stop it as Ctrl-C does.
 * @returns the run, and the status of the answer */
export async function runUntilAnswered(words: readonly string[]): Promise<CliRun & { status: number }> {
  let status = 0;
  const run = await runInProcess(words, (text) => {
    const [url] = /http:\/\/[\w.:]+/.exec(text) ?? [];
    if (url === undefined || status > 0) return;
    status = -1;
    void fetch(url).then((answer) => {
      status = answer.status;
      process.emit("SIGINT");
    });
  });
  return { ...run, status };
}
