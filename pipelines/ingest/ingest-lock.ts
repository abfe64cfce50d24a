import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { InputError } from "../../datasets/errors.js";
import type { Workspace } from "../../datasets/workspace.js";

interface LockHolder {
  pid: number;
  host: string;
}

/** Take the workspace for one writer of a stage. A lock whose process died on this machine is taken over.
 * @returns a function that gives the workspace back
 * @throws {InputError} while another process holds it */
export function lockWorkspace(workspace: Workspace, stage: "ingest" | "label" = "ingest"): () => void {
  const path = join(workspace.path, `${stage}.lock`);
  if (!tryCreate(path)) {
    const holder = readHolder(path);
    if (holder === null || isRunning(holder)) throw heldBy(path, holder);
    rmSync(path, { force: true });
    if (!tryCreate(path)) throw heldBy(path, readHolder(path));
  }
  return () => rmSync(path, { force: true });
}

/** The lock is linked into place with its content: a process that dies here leaves no lock that nobody can tell the owner of. */
function tryCreate(path: string): boolean {
  const holder: LockHolder = { pid: process.pid, host: hostname() };
  const own = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(own, JSON.stringify(holder));
    linkSync(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new InputError(`${path}: the workspace can't be written (${(cause as Error).message})`, { cause });
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as LockHolder;
  } catch {
    return null;
  }
}

function isRunning({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function heldBy(path: string, holder: LockHolder | null): InputError {
  const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return new InputError(
    `${path}: the workspace is being written by ${who}; wait for it, or delete this file if it is gone`,
  );
}
