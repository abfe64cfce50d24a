/** Append text to a file of the host's, where it has one (Node, Bun, Deno). Looked up when called and not imported, so that what
 * uses it loads in a worker too.
 * @returns a function that appends; it rejects when the disk refuses
 * @throws {TypeError} where there is no file system */
export function appendLines(path: string): (text: string) => Promise<void> {
  const files = globalThis.process?.getBuiltinModule?.("fs/promises");
  if (files === undefined) {
    throw new TypeError(
      `no file system here to log to ${path}; give a function that takes the records instead`,
    );
  }
  return (text) => files.appendFile(path, text);
}
