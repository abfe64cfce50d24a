/** What a question of the synthetic helpdesk asks for: places in the lists below. */
export interface QuestionMeaning {
  /** Pair of opposite actions. */
  pair: number;
  /** Whether it is the pair's second action. */
  isOpposite: boolean;
  object: number;
  /** Family of the condition, and the value in it. */
  family: number;
  value: number;
}

/** Opposite actions, each with words that mean the same. */
const actionPairs: ReadonlyArray<readonly [readonly string[], readonly string[]]> = [
  [
    ["enable", "turn on", "switch on"],
    ["disable", "turn off", "switch off"],
  ],
  [
    ["add", "attach", "put in"],
    ["remove", "detach", "take out"],
  ],
  [
    ["start", "begin", "set up"],
    ["cancel", "stop", "end"],
  ],
  [
    ["lock", "freeze", "block"],
    ["unlock", "unfreeze", "unblock"],
  ],
  [
    ["increase", "raise", "extend"],
    ["decrease", "lower", "cut"],
  ],
  [
    ["show", "display", "unhide"],
    ["hide", "conceal", "mask"],
  ],
  [
    ["share", "publish", "make public"],
    ["unshare", "unpublish", "make private"],
  ],
  [
    ["connect", "link", "pair"],
    ["disconnect", "unlink", "unpair"],
  ],
];

/** Objects by segment, each with words that mean the same. */
const objects: ReadonlyArray<readonly [segment: string, names: readonly string[]]> = [
  ["billing", ["automatic payments", "autopay", "recurring payments"]],
  ["billing", ["the spending limit", "my spending cap", "the budget limit"]],
  ["billing", ["invoice reminders", "payment reminders", "billing alerts"]],
  ["billing", ["the yearly subscription", "our annual plan", "the annual subscription"]],
  ["billing", ["the tax number", "our VAT ID", "the tax ID"]],
  ["access", ["two-factor login", "two-step sign-in", "2FA"]],
  ["access", ["a team member", "a colleague", "another user"]],
  ["access", ["the guest account", "guest access", "the visitor login"]],
  ["access", ["single sign-on", "SSO", "company login"]],
  ["access", ["the API key", "my access token", "the developer key"]],
  ["devices", ["push notifications", "mobile alerts", "phone notifications"]],
  ["devices", ["the wireless printer", "our office printer", "the network printer"]],
  ["devices", ["location tracking", "GPS tracking", "position sharing"]],
  ["devices", ["dark mode", "the dark theme", "night colours"]],
  ["devices", ["the backup camera", "the second webcam", "the spare camera"]],
  ["storage", ["the shared folder", "our team folder", "the common directory"]],
  ["storage", ["nightly backups", "the daily backup", "overnight copies"]],
  ["storage", ["file versioning", "version history", "old file versions"]],
  ["storage", ["the retention period", "how long files are kept", "the archive time"]],
  ["storage", ["offline sync", "local copies", "offline files"]],
];

/** Conditions: neighbours in a list look alike and get different answers. */
const families: ReadonlyArray<{ write: (value: string) => string; values: readonly string[] }> = [
  {
    write: (value) => `on the ${value} plan`,
    values: "Basic Plus Team Business Silver Gold Campus Charity".split(" "),
  },
  { write: (value) => `for ${value} users`, values: "2 3 5 10 20 25 50 60 100 110 250 300".split(" ") },
  {
    write: (value) => `in ${value}`,
    values: "Austria Australia Ireland Iceland Norway Sweden Spain Portugal Chile Peru".split(" "),
  },
  { write: (value) => `after ${value} days`, values: "4 9 14 15 30 31 60 90".split(" ") },
  { write: (value) => `with version ${value}`, values: "7.1 7.2 8.0 8.1 9.4 9.5".split(" ") },
];

const frames: ReadonlyArray<(action: string, object: string, condition: string) => string> = [
  (action, object, condition) => `How do I ${action} ${object} ${condition}?`,
  (action, object, condition) => `how can I ${action} ${object} ${condition}`,
  (action, object, condition) => `I want to ${action} ${object} ${condition}.`,
  (action, object, condition) => `Is it possible to ${action} ${object} ${condition}?`,
  (action, object, condition) => `${condition}, what are the steps to ${action} ${object}?`,
  (action, object, condition) => `steps to ${action} ${object} ${condition} please`,
  (action, object, condition) => `Could you tell me how to ${action} ${object} ${condition}?`,
  (action, object, condition) => `Where do I go to ${action} ${object} ${condition}?`,
];
const openings = ["", "Hi, ", "Hello! ", "Quick question: ", "Sorry to bother you, "] as const;

const wordings = 3;
const evenValues = families.map(({ values }) => values.length / 2);
const conditions = evenValues.reduce((sum, count) => sum + count, 0);

/** How many questions there are that no other one looks like; each has one look-alike. */
export const plainQuestions = actionPairs.length * objects.length * conditions;
/** Ways to word one question. */
export const paraphrases = frames.length * wordings * wordings * openings.length;

/** The question of a number below {@link plainQuestions}. */
export function plainQuestion(number: number): QuestionMeaning {
  let condition = number % conditions;
  const rest = Math.floor(number / conditions);
  let family = 0;
  while (condition >= evenValues[family]!) condition -= evenValues[family++]!;
  return {
    pair: Math.floor(rest / objects.length),
    isOpposite: false,
    object: rest % objects.length,
    family,
    value: 2 * condition,
  };
}

/** The question that differs in one word: the opposite action for every second question, the next value for the others. */
export function lookAlikeOf(meaning: QuestionMeaning): QuestionMeaning {
  return (meaning.pair + meaning.object + meaning.value / 2) % 2 === 0
    ? { ...meaning, isOpposite: true }
    : { ...meaning, value: meaning.value + 1 };
}

/** Part of the traffic that a question belongs to. */
export function segmentOfQuestion({ object }: QuestionMeaning): string {
  return objects[object]![0];
}

/** Write a question.
 * @param wording a number below {@link paraphrases}; 0 is the plainest */
export function writeQuestion(
  { pair, isOpposite, object, family, value }: QuestionMeaning,
  wording: number,
): string {
  const frame = frames[wording % frames.length]!;
  const rest = Math.floor(wording / frames.length);
  const actions = actionPairs[pair]![isOpposite ? 1 : 0];
  const { write, values } = families[family]!;
  const opening = openings[Math.floor(rest / wordings ** 2)]!;
  const action = actions[rest % wordings]!;
  const name = objects[object]![1][Math.floor(rest / wordings) % wordings]!;
  return opening + frame(action, name, write(values[value]!));
}
