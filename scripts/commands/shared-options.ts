/** Options that several verbs share, so that they read and behave the same everywhere. */
export const sharedOptions = {
  /** The workspace of a verb that reads one. */
  workspace: { type: "string", demandOption: true, describe: "Workspace directory" },
  /** The workspace of a verb that may start one. */
  newWorkspace: {
    type: "string",
    demandOption: true,
    describe: "Workspace directory; made when it isn't there",
  },
  /** The artifact of a verb that works without a workspace. */
  artifact: {
    type: "string",
    demandOption: true,
    describe: "Artifact directory, or the artifact/ of a workspace for its newest",
  },
  /** The artifact of a verb that reads a workspace. */
  newestArtifact: {
    type: "string",
    defaultDescription: "the workspace's newest",
    describe: "Artifact directory",
  },
  json: { type: "boolean", default: false, describe: "Print the result as one JSON document" },
} as const;

/** Model names as people give them: the option repeated, or several names between commas. */
export function readModelNames(given: readonly string[]): string[] {
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== "");
}
