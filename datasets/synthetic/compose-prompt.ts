import type { Random } from "../random.js";
import type { PromptRecipe } from "./prompt-truth.js";
import { Family, followUps, type TaskFamily, type Template, taskFamilies } from "./task-families.js";

/** Compose one prompt of a family: a weighted template, its slots filled, and the small talk of real users around it. */
export function composePrompt(random: Random, family: Family): PromptRecipe {
  const task = taskFamilies[family];
  const index = pickTemplate(random, task.templates);
  const template = task.templates[index]!;
  const { text, steps } = fillSlots(random, template, task);
  return {
    text: `${random.pick(openings)}${text}${random.pick(closings)}`,
    family,
    template: `${family}:${index}`,
    difficulty: Math.min(2, template.difficulty + steps) as 0 | 1 | 2,
    isStakes: template.isStakes === true,
  };
}

/** A later turn of a conversation: a short reaction, or the next task with a word that links it to the last one. */
export function composeFollowUp(random: Random, family: Family): PromptRecipe {
  if (random.uniform() < 0.4) {
    const index = pickTemplate(random, followUps);
    const template = followUps[index]!;
    return {
      text: template.text,
      family: Family.support,
      template: `follow-up:${index}`,
      difficulty: template.difficulty,
      isStakes: false,
    };
  }
  const next = composePrompt(random, family);
  return { ...next, text: `${random.pick(links)} ${next.text}` };
}

const openings = ["", "", "", "", "Hi! ", "Hello, ", "Please help: ", "Quick question. ", "Good morning, "];
const closings = [
  "",
  "",
  "",
  "",
  " Thanks!",
  " Please be brief.",
  " Answer in English.",
  " It is a bit urgent.",
];
const links = ["Thanks.", "One more thing:", "Next,", "And now:", "Great."];

function pickTemplate(random: Random, templates: readonly Template[]): number {
  return Number(
    random.weighted(Object.fromEntries(templates.map((template, i) => [`${i}`, template.weight]))),
  );
}

function fillSlots(random: Random, template: Template, task: TaskFamily): { text: string; steps: number } {
  let steps = 0;
  const text = template.text.replace(/\{(\w+)\}/g, (_, slot: string) => {
    const values = task.slots[slot];
    if (!values) throw new Error(`template "${template.text}" names an unknown slot: ${slot}`);
    const value = random.pick(values);
    if (!value.startsWith("+")) return value;
    steps += 1;
    return value.slice(1);
  });
  return { text, steps };
}
