/** The names under which a price list may hold a model, the one as written first: without URL escapes, resource paths (ARNs,
 * `models/...`, `publishers/.../models/...`), context-window suffixes (`[1m]`) and with Vertex's `@date` as `-date`. */
export function modelSpellings(name: string): string[] {
  const plain = unescapeName(name.trim()).replace(/\[\d+[km]\]$/i, "");
  const path = plain.startsWith("arn:")
    ? plain.slice(plain.lastIndexOf("/") + 1)
    : plain.replace(/^.*(?:^|\/)models\//, "");
  const dated = path.replace(/@(default|latest)$/, "").replace("@", "-");
  const variant = dated.replace(/:(thinking|online|nitro|floor|exacto|beta)$/, "");
  return [...new Set([plain, path, dated, variant])].filter((spelling) => spelling !== "");
}

/** The vendor's own name of a model that another cloud resells: Bedrock's region, vendor and version are taken off
 * (`us.anthropic.claude-sonnet-4-5-20250929-v1:0` is `claude-sonnet-4-5-20250929`). */
export function vendorSpelling(name: string): string {
  const spelling = modelSpellings(name).at(-1) ?? name;
  const bedrock =
    /^(?:(?:us|eu|apac|ap|jp|au|ca|us-gov|global)\.)?(?:[a-z0-9-]+)\.(?=[a-z])([a-z0-9.-]+?)(?:-v\d+)?(?::\d+[a-z0-9]*)*$/.exec(
      spelling,
    );
  return bedrock && BEDROCK_VENDOR.test(spelling) ? bedrock[1]! : spelling;
}

/** A Bedrock name without the region that the request was routed in (`us.`, `apac.`, `global.`). */
export function withoutRegion(name: string): string {
  return name.replace(/^(regional|us|eu|apac|ap|jp|au|ca|us-gov|global)\.(?=[a-z0-9]+\.)/, "");
}

/** Split a `provider/model` name at its first slash; null when it has none. */
export function splitPrefix(name: string): { prefix: string; rest: string } | null {
  const slash = name.indexOf("/");
  return slash > 0 && slash < name.length - 1
    ? { prefix: name.slice(0, slash), rest: name.slice(slash + 1) }
    : null;
}

const BEDROCK_VENDOR =
  /(^|\.)(anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen|stability|writer|google|nvidia|minimax|moonshot|moonshotai)\./;

function unescapeName(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
