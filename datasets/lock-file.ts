import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { InputError } from "./errors.js";

interface LockHolder {
  pid: number;
  host: string;
}

/** Take a file as the sign that one process writes something. A lock whose process died on this machine is taken over.
 * @param what is written, as an error names it: "the workspace"
 * @returns a function that gives it back
 * @throws {InputError} while another process holds it, or the file can't be written */
export function lockFile(path: string, what: string): () => void {
  if (!tryCreate(path, what)) {
    const holder = readHolder(path);
    if (holder === null || isRunning(holder)) throw heldBy(path, what, holder);
    rmSync(path, { force: true });
    if (!tryCreate(path, what)) throw heldBy(path, what, readHolder(path));
  }
  return () => rmSync(path, { force: true });
}

/** Whether a process that still runs holds a lock. */
export function isLocked(path: string): boolean {
  const holder = readHolder(path);
  return holder !== null && isRunning(holder);
}

/** The lock is linked into place with its content: a process that dies here leaves no lock that nobody can tell the owner of. */
function tryCreate(path: string, what: string): boolean {
  const holder: LockHolder = { pid: process.pid, host: hostname() };
  const own = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(own, JSON.stringify(holder));
    linkSync(own, path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new InputError(`${path}: ${what} can't be written (${(cause as Error).message})`, { cause });
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

function heldBy(path: string, what: string, holder: LockHolder | null): InputError {
  const who = holder === null ? "another process" : `process ${holder.pid} on ${holder.host}`;
  return new InputError(
    `${path}: ${what} is being written by ${who}; wait for it, or delete this file if it is gone`,
  );
}
