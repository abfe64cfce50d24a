import { createRandom, type Random } from "../random.js";

/** What was flipped between two prompts that read alike. */
export const PoisonKind = {
  number: "number",
  unit: "unit",
  currency: "currency",
  entity: "entity",
  date: "date",
  negation: "negation",
  polarity: "polarity",
  direction: "direction",
} as const;
export type PoisonKind = (typeof PoisonKind)[keyof typeof PoisonKind];

/** Two prompts that a cache must not confuse, however similar they are. */
export interface PoisonPair {
  a: string;
  b: string;
  kind: PoisonKind;
}

/** Pairs of prompts with different answers, each with one thing flipped, as an attacker or chance would plant them next to a cached
 * entry. All kinds are equally frequent; about half of the texts are in lower case without a mark at the end, as users type.
 * @param count pairs, equal ones possible */
export function poisonPairs(seed: number, count: number): PoisonPair[] {
  const random = createRandom(seed);
  const kinds = Object.values(PoisonKind);
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length]!;
    const [a, b] = flipPair(random, kind);
    const asTyped = random.uniform() < 0.5 ? typed : (text: string) => text;
    return { a: asTyped(a), b: asTyped(b), kind };
  });
}

/** Pairs of prompts that ask the same in other words: a guard that refuses these costs hits.
 * @param count pairs, equal ones possible */
export function harmlessPairs(seed: number, count: number): Array<{ a: string; b: string }> {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const [first, second] = random.shuffle([...random.pick(paraphrases)]) as [string, string];
    const fill = { n: random.pick(numbers), place: random.pick(places), name: random.pick(people) };
    const [a, b] = [fillSlots(first, fill), fillSlots(second, { ...fill, n: inWords(random, fill.n) })];
    return { a, b: random.uniform() < 0.5 ? typed(b) : b };
  });
}

function typed(text: string): string {
  return text.toLowerCase().replace(/[.?!]$/, "");
}

function flipPair(random: Random, kind: PoisonKind): [string, string] {
  if (kind === PoisonKind.negation || kind === PoisonKind.polarity) {
    return random.shuffle([...random.pick(kind === PoisonKind.negation ? negated : opposite)]) as [
      string,
      string,
    ];
  }
  const template = random.pick(templates[kind]);
  const [x, y] = twoOf(random, valuesOf[kind]);
  const fill = { n: random.pick(numbers), place: random.pick(places), name: random.pick(people) };
  if (kind === PoisonKind.direction) {
    return [fillSlots(template, { ...fill, x, y }), fillSlots(template, { ...fill, x: y, y: x })];
  }
  return [fillSlots(template, { ...fill, x }), fillSlots(template, { ...fill, x: y })];
}

function twoOf(random: Random, values: readonly string[]): [string, string] {
  const x = random.pick(values);
  const y = random.pick(values.filter((value) => value !== x));
  return [x, y];
}

function fillSlots(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => slots[slot]!);
}

const inEnglish: Readonly<Record<string, string>> = {
  "2": "two",
  "3": "three",
  "5": "five",
  "12": "twelve",
  "40": "forty",
};

function inWords(random: Random, number: string): string {
  return random.uniform() < 0.5 ? (inEnglish[number] ?? number) : number;
}

const numbers = ["2", "3", "5", "12", "40", "75", "180"];
const places = ["Oslo", "Lima", "Kyoto", "Lagos", "Porto", "Denver", "Tallinn", "Perth"];
const people = ["Maya", "Oskar", "Priya", "Tomas", "Leila", "Kwame"];

type Filled = Exclude<PoisonKind, "negation" | "polarity">;

const valuesOf: Readonly<Record<Filled, readonly string[]>> = {
  number: [...numbers, "seven", "eighteen", "thirty", "two hundred", "1,500", "0.25"],
  unit: ["grams", "ounces", "kilograms", "pounds", "cups"],
  currency: ["dollars", "euros", "pesos", "yen", "rupees", "Swiss francs"],
  entity: [...places, ...people, "Postgres", "MariaDB", "Kafka", "Siemens", "Ryanair"],
  date: [
    "Monday",
    "Friday",
    "March 3",
    "the 21st of June",
    "tomorrow",
    "next week",
    "last year",
    "October 2019",
  ],
  direction: ["Bern", "Cairo", "Quito", "Dakar", "Hanoi", "Boston"],
};

const templates: Readonly<Record<Filled, readonly string[]>> = {
  number: [
    "How many litres of paint cover {x} square metres?",
    "Set the retry limit of the worker to {x}.",
    "Give me a training plan of {x} weeks for a half marathon",
    "Is a dose of {x} mg safe for a toddler?",
    "What does the warranty say after {x} years?",
    "Scale this recipe to {x} servings.",
    "Summarise the contract in {x} sentences",
    "Write a haiku for a group of {x} colleagues in {place}",
  ],
  unit: [
    "How much is {n} {x} of flour?",
    "Convert {n} {x} to stone",
    "My parcel weighs {n} {x}; what is the postage?",
    "Does {n} {x} of butter fit this cake?",
  ],
  currency: [
    "What is a fair tip in {x} for a taxi in {place}?",
    "Please quote the annual licence in {x}.",
    "How do I pay an invoice over {n} {x}?",
    "Show the quarterly report in {x}",
  ],
  entity: [
    "What is the population of {x}?",
    "Write a farewell card for {x} from the whole team",
    "Which permits does a food truck need in {x}?",
    "How do I migrate our billing data from {x} without downtime?",
    "Tell me a fun fact about {x}.",
    "Draft a complaint to {x}, polite but firm",
    "Who is the lawyer that works with {x} on the lease?",
    "Find a dentist near {x} that speaks Dutch",
  ],
  date: [
    "Which museums are open on {x}?",
    "What changed in the tax code as of {x}?",
    "Draft an invitation to a picnic for {x}.",
    "When does the ferry leave on {x}?",
    "Is the clinic closed {x}?",
    "Plan a menu for {x} with {n} guests",
  ],
  direction: [
    "What is the fastest train from {x} to {y}?",
    "Does a parcel from {x} to {y} need a customs form?",
    "Is the airport of {x} bigger than the one of {y}?",
    "Did {name} live in {x} before {y}?",
    "How much is a call to {x} from {y}?",
    "Is {x} north of {y} or is it older than {y}?",
  ],
};

const negated: ReadonlyArray<readonly [string, string]> = [
  ["Which mushrooms are edible?", "Which mushrooms are not edible?"],
  ["Can I take ibuprofen when pregnant?", "Why can I not take ibuprofen when pregnant?"],
  ["List countries that require a visa.", "List countries that don't require a visa."],
  ["Is it true that the deposit is refundable?", "Is it true that the deposit is non-refundable?"],
  ["Write a function that mutates its input", "Write a function that never mutates its input"],
  ["Which of these plugins are compatible with v2?", "Which of these plugins are incompatible with v2?"],
  ["Desserts with nuts for a party", "Desserts without nuts for a party"],
  ["Explain why the tenant has to pay", "Explain why the tenant doesn't have to pay"],
  ["Comment cuisiner avec du gluten", "Comment cuisiner sans gluten"],
  ["Darf man hier parken?", "Darf man hier nicht parken?"],
  ["Restaurantes que sirven carne", "Restaurantes que no sirven carne"],
  ["What happens if the seller signs?", "What happens if nobody signs?"],
];

const opposite: ReadonlyArray<readonly [string, string]> = [
  ["How do I turn on dark mode?", "How do I turn off dark mode?"],
  ["Steps to enable two-factor login", "Steps to disable two-factor login"],
  ["Should I buy bonds when rates rise?", "Should I sell bonds when rates rise?"],
  ["How can I increase the contrast of a scan?", "How can I reduce the contrast of a scan?"],
  ["What should I eat before a race?", "What should I eat after a race?"],
  ["Name the cheapest gym in town.", "Name the most expensive gym in town."],
  ["How do I upload the archive?", "How do I download the archive?"],
  ["Lock the front door", "Unlock the front door"],
  ["What is the minimum age to rent a boat?", "What is the maximum age to rent a boat?"],
  ["Sort the list in ascending order", "Sort the list in descending order"],
  ["Clothes for a female athlete", "Clothes for a male athlete"],
  ["Who was the first president of the club?", "Who was the last president of the club?"],
  ["How do I encrypt a disk?", "How do I decrypt a disk?"],
  ["Add the plugin to the allow list", "Remove the plugin from the allow list"],
  ["Is it safe to swim outside in winter?", "Is it safe to swim inside in winter?"],
];

const paraphrases: ReadonlyArray<readonly [string, string]> = [
  ["How do I reset my router?", "What is the way to reset my router?"],
  ["Please explain recursion.", "Can you explain recursion to me?"],
  ["What's a good name for a grey cat?", "What is a good name for a gray cat?"],
  ["I'd like to bake bread for {n} people", "I want to bake bread for {n} people"],
  ["Which trams go to the harbour in {place}?", "Which trams are going to the harbour in {place}?"],
  ["How long does paint need to dry?", "How long will paint need to dry?"],
  ["I don't know how to tie a bow tie", "How to tie a bow tie"],
  ["Write a short poem for {name}", "Could you write a short poem for {name}?"],
  ["Does the warranty cover water damage?", "Is water damage covered by the warranty?"],
  ["Where can I find the invoice?", "How can I find the invoice?"],
  ["The upload doesn't work", "The upload isn't working"],
  ["My login failed", "My login didn't work"],
  ["Tell me the rules of chess, please", "What are the rules of chess?"],
  ["Recipes that use {n} eggs", "Recipes using {n} eggs"],
  ["Is there a pharmacy in {place} open at noon?", "Is any pharmacy in {place} open at noon?"],
  ["Why is the sky blue?", "Why is the sky so blue?"],
  ["How many days does shipping take?", "How long does shipping take?"],
  ["Summarise this article for me", "I need this article summarised"],
  ["Translate the menu into French", "Translate this menu into French please"],
  ["What do I need to open a bakery in {place}?", "What would I need to open a bakery in {place}?"],
  ["What are the kids' rooms like?", "What are the children's rooms like?"],
  ["I'm unable to print", "I am not able to print"],
];
