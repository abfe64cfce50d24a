import { hashUnit } from "./hash-unit.js";
import { syntheticModels } from "./synthetic-models.js";
import { type Family, taskFamilies } from "./task-families.js";

/** What the generator knows about a prompt and nobody else does. */
export interface PromptTruth {
  /** Key of the prompt: its words without placeholders, numbers and addresses, so that redaction does not change it. */
  readonly signature: string;
  readonly family: Family;
  readonly difficulty: 0 | 1 | 2;
  readonly isStakes: boolean;
  /** P(the model's answer is adequate | this prompt), by requested model name. */
  readonly sufficiency: Readonly<Record<string, number>>;
  /** Whether the one answer that the model gives to this prompt is adequate. */
  readonly isAdequate: Readonly<Record<string, boolean>>;
}

/** What a prompt was made from. */
export interface PromptRecipe {
  readonly text: string;
  readonly family: Family;
  /** Which wording, such as "support:3": the unit that shares a small shift in skill. */
  readonly template: string;
  readonly difficulty: 0 | 1 | 2;
  readonly isStakes: boolean;
}

/** Words of a text that survive redaction: lower case letters only, without placeholders such as [EMAIL_1f3a9c] or [EMAIL] and without
 * any blank-delimited piece that holds a digit or an at sign. */
export function signatureOf(text: string): string {
  return text
    .replace(/\[[A-Z]+(?:_[A-Z]+)*(?:_[0-9a-f]{6})?\]/g, " ")
    .split(/\s+/)
    .filter((piece) => !/[\d@]/.test(piece))
    .join(" ")
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();
}

/** Draw the truth of a prompt: skill of each model at its difficulty, shifted by family and by template, then one coin per
 * model. It depends on nothing but the recipe and the seed. */
export function truthOfRecipe(recipe: PromptRecipe, seed: number): PromptTruth {
  const signature = signatureOf(recipe.text);
  const sufficiency: Record<string, number> = {};
  const isAdequate: Record<string, boolean> = {};
  for (const model of syntheticModels) {
    const familyShift = taskFamilies[recipe.family].skillShift[model.name] ?? 0;
    // Strong models are near their ceiling everywhere; weak ones depend on the wording.
    const spread = model.skill[0] - model.skill[2] > 0.3 ? 0.2 : 0.02;
    const templateShift =
      (hashUnit(seed, "template", recipe.template, model.name) - 0.5) * spread * recipe.difficulty;
    const probability = Math.min(
      0.995,
      Math.max(0.02, model.skill[recipe.difficulty] + familyShift + templateShift),
    );
    sufficiency[model.name] = probability;
    isAdequate[model.name] = hashUnit(seed, "answer", signature, model.name) < probability;
  }
  const { family, difficulty, isStakes } = recipe;
  return { signature, family, difficulty, isStakes, sufficiency, isAdequate };
}
