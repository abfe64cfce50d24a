import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { readJsonFile } from "../../datasets/read-json-file.js";
import { type Workspace, writeFileAtomic } from "../../datasets/workspace.js";

/** Changes to a workspace that belong together. All paths are below the workspace. */
export interface Changes {
  /** Files written aside, and where they belong; what is there is overwritten. */
  moves: Array<{ from: string; to: string }>;
  removals: string[];
  texts: Array<{ path: string; text: string }>;
}

/** Make all changes or none, whenever the process may die: they are written down first, atomically, and a journal that is found at
 * the next start is applied again. Every step can be repeated.
 * @param onStep called after every step, for progress and for tests that crash there
 * @throws {InputError} if the disk refuses; {@link redoJournal} finishes the work as soon as it can be written again */
export function applyChanges(
  workspace: Workspace,
  changes: Changes,
  onStep: (step: "journalled" | "moved" | "committed") => void = () => {},
): void {
  writeFileAtomic(journalPath(workspace), JSON.stringify(changes));
  onStep("journalled");
  redo(workspace, changes, onStep);
}

/** Finish the changes that a killed process had begun.
 * @returns whether there were any */
export function redoJournal(workspace: Workspace): boolean {
  const path = journalPath(workspace);
  if (!existsSync(path)) return false;
  redo(
    workspace,
    readJsonFile<Changes>(path, "it is damaged; restore the workspace, or start a new one"),
    () => {},
  );
  return true;
}

/** Whether changes were begun and not finished. */
export function hasJournal(workspace: Workspace): boolean {
  return existsSync(journalPath(workspace));
}

function redo(
  workspace: Workspace,
  { moves, removals, texts }: Changes,
  onStep: (step: "moved" | "committed") => void,
): void {
  const kept = new Set(moves.map(({ to }) => to));
  for (const path of removals) if (!kept.has(path)) rmSync(join(workspace.path, path), { force: true });
  for (const { from, to } of moves) {
    const source = join(workspace.path, from);
    const target = join(workspace.path, to);
    if (existsSync(source)) {
      mkdirSync(dirname(target), { recursive: true });
      renameSync(source, target);
    }
    onStep("moved");
  }
  for (const { path, text } of texts) {
    mkdirSync(dirname(join(workspace.path, path)), { recursive: true });
    writeFileAtomic(join(workspace.path, path), text);
  }
  onStep("committed");
  rmSync(journalPath(workspace), { force: true });
}

function journalPath(workspace: Workspace): string {
  return join(workspace.path, "ingest.journal.json");
}
