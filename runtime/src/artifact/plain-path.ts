/** Bring a relative path to one form: no leading `./`, no trailing slash.
 * @returns null for a path that is absolute, empty, leads upwards, or that some system reads otherwise */
export function plainPath(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/^\/|^[a-z]:|[\\\x00-\x1f]/i.test(path)) return null;
  const steps = path.replace(/\/$/, "").split("/");
  while (steps[0] === ".") steps.shift();
  const isPlain = steps.length > 0 && steps.every((step) => step !== "" && step !== "." && step !== "..");
  return isPlain ? steps.join("/") : null;
}
