/** Name under which answers of one model are shared, whatever road led to it: lower case, without
 *
 * 1. what stands before the last slash (`openrouter/openai/gpt-5` is `gpt-5`);
 * 2. a region and a vendor with dots (`eu.anthropic.claude-...` is `claude-...`);
 * 3. Bedrock's revision (`-v1:0`), then a date (`-2025-08-07`, `-20250929`, `@20250929`), then `-latest` or `:latest`.
 *
 * Nothing else is taken off: `gpt-5-mini`, `gpt-4-0613` and `gemini-2.5-flash-002` are families of their own, and so is a deployment
 * whose name tells no model. */
export function modelFamily(model: string): string {
  return model
    .slice(model.lastIndexOf("/") + 1)
    .toLowerCase()
    .replace(
      /^(?:(?:us|eu|apac|global|us-gov|jp|au|ca)\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|qwen)\./,
      "",
    )
    .replace(/-v\d{1,2}(?::\d{1,2})?$/, "")
    .replace(/[-@](?:\d{4}-\d{2}-\d{2}|20\d{6})$/, "")
    .replace(/[-:@]latest$/, "");
}
