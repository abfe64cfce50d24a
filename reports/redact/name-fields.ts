/** What a name names. */
export type NameKind = "app" | "key" | "tenant" | "user" | "session" | "file" | "group";

/** What kind of name a field of a result document holds; null for what may be shown.
 * @param path names of the fields that lead to it, without array places
 * @param parent the object that it stands in */
export function kindOfField(
  path: readonly string[],
  parent: Readonly<Record<string, unknown>>,
): NameKind | "example" | null {
  const field = path.at(-1) ?? "";
  if (typeof parent[field] === "string" && unnamed.has(parent[field])) return null;
  if (field === "key") return byField[path.at(-2)?.replace(/^by_/, "") ?? ""] ?? ofDimension(parent);
  if (field === "slice") return ofDimension(parent);
  return byField[field] ?? null;
}

/** Words that stand where a name would, for want of one. */
const unnamed: ReadonlySet<string> = new Set(["(not logged)", "default", "", "(empty)", "other"]);

const byField: Readonly<Record<string, NameKind | "example">> = {
  app: "app",
  app_name: "app",
  segment: "app",
  api_key: "key",
  tenant: "tenant",
  team: "tenant",
  user: "user",
  user_hash: "user",
  session_id: "session",
  request_id: "session",
  path: "file",
  file: "file",
  source_file: "file",
  artifact_path: "file",
  // of an off-policy evaluation: a file or folder
  target: "file",
  // of a drifted distribution: an app among words that stand everywhere, so left out rather than replaced
  bin: "example",
  example: "example",
  examples: "example",
};

/** Dimensions whose slices are facts about requests; every other dimension may have been named by the user. */
const openDimensions: ReadonlySet<string> = new Set([
  "script",
  "length",
  "tier",
  "tools",
  "day",
  "model",
  "provider",
  "endpoint",
  "language",
  "hour",
  "weekday",
  "activity",
  "stakes",
]);

function ofDimension({ dimension }: Readonly<Record<string, unknown>>): NameKind | null {
  if (typeof dimension !== "string" || openDimensions.has(dimension)) return null;
  const known = byField[dimension];
  return known === undefined || known === "example" ? "group" : known;
}
