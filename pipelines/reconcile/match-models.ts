/** Give the bill's models the log's names: equal canonical names first; then, among the names left over on both sides, names that
 * differ only in a date, an owner or punctuation, if exactly one of each side does.
 * @returns the log's name for every model of the bill, itself where none fits */
export function matchModels(bill: readonly string[], log: readonly string[]): (model: string) => string {
  const logged = new Set(log);
  const billed = new Set(bill);
  const left = groupByLoose([...logged].filter((model) => !billed.has(model)));
  const open = groupByLoose([...billed].filter((model) => !logged.has(model)));
  const names = new Map<string, string>();
  for (const [loose, models] of open) {
    const candidates = left.get(loose);
    if (models.length === 1 && candidates?.length === 1) names.set(models[0]!, candidates[0]!);
  }
  return (model) => names.get(model) ?? model;
}

function groupByLoose(models: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const model of models) groups.set(loose(model), [...(groups.get(loose(model)) ?? []), model]);
  return groups;
}

function loose(model: string): string {
  return model
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/:(free|extended|thinking|online|nitro|floor)$/, "")
    .replace(/[-@](\d{4}-?\d{2}-?\d{2}|latest)$/, "")
    .replace(/[^a-z0-9]+/g, "");
}
