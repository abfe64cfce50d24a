import { basename, dirname } from "node:path";

/** Why a file among Claude Code's sessions is no log of one; null for every other file. */
export function whySessionDebris(path: string): string | null {
  const name = basename(path);
  if (/^agent-[\w-]+\.meta\.json$/.test(name)) return "note on a sub-agent of Claude Code";
  if (name === "sessions-index.json") return "list of Claude Code's sessions";
  return basename(dirname(path)) === "tool-results" && name.endsWith(".txt")
    ? "output of a tool, kept by Claude Code"
    : null;
}
