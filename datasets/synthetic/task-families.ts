/** Kinds of work in the synthetic world. */
export const Family = {
  support: "support",
  coding: "coding",
  analytics: "analytics",
  extraction: "extraction",
  writing: "writing",
} as const;
export type Family = (typeof Family)[keyof typeof Family];

/** One wording of a task. `{slot}` is filled from the family's slots; a slot value that starts with "+" makes the task one step harder. */
export interface Template {
  readonly text: string;
  /** Difficulty before the slots: 0 trivial, 1 standard, 2 complex. */
  readonly difficulty: 0 | 1 | 2;
  readonly isStakes?: true;
  /** How often it is asked, compared with its siblings. */
  readonly weight: number;
}

/** Templates and slot values of one family, and how much better or worse each model is at it than its skill says. */
export interface TaskFamily {
  readonly templates: readonly Template[];
  readonly slots: Readonly<Record<string, readonly string[]>>;
  readonly skillShift: Readonly<Record<string, number>>;
}

/** All tasks that the synthetic users ask for. The wording is invented for this project. */
export const taskFamilies: Readonly<Record<Family, TaskFamily>> = {
  support: {
    skillShift: { "gpt-4o-mini": 0.02, "claude-3-5-haiku-20241022": -0.04 },
    templates: [
      { text: "How do I reset the password of my {product} account?", difficulty: 0, weight: 5 },
      { text: "Where can I see the {document} for my {product} plan?", difficulty: 0, weight: 4 },
      { text: "What are your support hours for {region} customers?", difficulty: 0, weight: 3 },
      { text: "Can I change the language of {product} to {language}?", difficulty: 0, weight: 3 },
      {
        text: "My order {order} has not arrived and it was promised for {weekday}. Where is it? My email is {email}.",
        difficulty: 0,
        weight: 4,
      },
      {
        text: "The {product} app shows '{error}' whenever I {action}. I already {tried}. What should I do next?",
        difficulty: 1,
        weight: 5,
      },
      {
        text: "I was charged twice for {product} in {month}, {amount} each time. Please work out what I am owed{complication}.",
        difficulty: 1,
        isStakes: true,
        weight: 3,
      },
      {
        text: "We want to move {seats} seats from {product} Team to Enterprise in the middle of {month}{complication}. What will the next invoice look like?",
        difficulty: 1,
        weight: 3,
      },
      {
        text: "A colleague in {region} says that {product} breaks our data residency clause because {reason}. Is that right, and what must we change{complication}?",
        difficulty: 2,
        isStakes: true,
        weight: 2,
      },
      {
        text: "Since {weekday} the webhook from {product} to our {system} arrives out of order, about {amount} late, and only when {reason}. Find the likely cause and a safe way to replay what we lost.",
        difficulty: 2,
        weight: 2,
      },
      {
        text: "Cancel my {product} subscription and delete all personal data that you hold about {email}.",
        difficulty: 1,
        isStakes: true,
        weight: 2,
      },
    ],
    slots: {
      product: ["Nimbus", "Harbor", "Lattice", "Quill", "Beacon", "Tandem", "Orchard", "Meridian"],
      document: [
        "latest invoice",
        "usage summary",
        "signed contract",
        "receipt",
        "service status page",
        "release notes",
      ],
      region: ["German", "Brazilian", "Japanese", "Canadian", "Indian", "Nordic"],
      language: ["Polish", "Spanish", "Korean", "Finnish", "Portuguese", "Arabic"],
      order: ["#10482", "#20931", "#31877", "#45210", "#58834", "#69120"],
      email: [
        "maria.lopez@example.com",
        "j.tanaka@example.org",
        "sam.osei@example.net",
        "eva.lind@example.com",
        "r.patel@example.org",
      ],
      weekday: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
      month: ["January", "February", "March", "April", "May"],
      error: [
        "session expired",
        "quota exceeded",
        "cannot reach sync server",
        "invalid licence",
        "upload stalled",
        "payment method declined",
      ],
      action: [
        "open a shared folder",
        "export a report",
        "invite a guest",
        "attach a large file",
        "switch workspaces",
      ],
      tried: [
        "restarted twice",
        "cleared the cache",
        "reinstalled it",
        "tried another network",
        "signed out everywhere",
      ],
      amount: ["49.90", "12.50", "199.00", "8.99", "340.75"],
      seats: ["12", "35", "80", "240"],
      complication: [
        "",
        "",
        "",
        "+, taking the partial refund and two currencies into account",
        "+, with the annual discount prorated by day and the reseller's share kept apart",
      ],
      reason: [
        "backups leave the region",
        "two tenants share one queue",
        "the retry policy overlaps with the nightly export",
        "support staff abroad can read tickets",
        "the proxy rewrites signatures",
      ],
      system: ["billing ledger", "warehouse", "CRM", "ticket desk"],
    },
  },
  coding: {
    skillShift: { "gpt-4o-mini": -0.08, "claude-3-5-haiku-20241022": 0.07 },
    templates: [
      { text: "What does the {keyword} keyword do in {lang}?", difficulty: 0, weight: 4 },
      { text: "Write a one-line {lang} command that {simpletask}.", difficulty: 0, weight: 4 },
      {
        text: "Rename the variables in this {lang} function so that they read well:\n\n{snippet}",
        difficulty: 0,
        weight: 3,
      },
      { text: "Add a docstring and types to this function:\n\n{snippet}", difficulty: 0, weight: 3 },
      { text: "Write unit tests in {lang} for a function that {midtask}{twist}.", difficulty: 1, weight: 4 },
      {
        text: "This {lang} code fails with '{exception}' {when}. Fix it and say why:\n\n{snippet}",
        difficulty: 1,
        weight: 5,
      },
      {
        text: "Refactor this so that {midtask} stays in one place and the callers stay unchanged:\n\n{snippet}",
        difficulty: 1,
        weight: 3,
      },
      {
        text: "Our {lang} service leaks memory only {when}. Here is the hot path:\n\n{snippet}\n\nFind the leak, prove it, and propose a fix without {constraint}.",
        difficulty: 2,
        weight: 3,
      },
      {
        text: "Design a lock-free queue in {lang} for many producers and one consumer, and argue its correctness under a weak memory model{twist}.",
        difficulty: 2,
        weight: 2,
      },
      {
        text: "Write the migration that splits the {entity} table into two without {constraint}, with a rollback and a check that no row was lost. This runs on production.",
        difficulty: 2,
        isStakes: true,
        weight: 3,
      },
      {
        text: "Review this change to the {entity} permission check for security holes:\n\n{snippet}",
        difficulty: 1,
        isStakes: true,
        weight: 2,
      },
    ],
    slots: {
      keyword: ["yield", "defer", "async", "static", "volatile", "lambda", "finally", "const"],
      lang: ["Python", "TypeScript", "Go", "Rust", "Java", "Kotlin", "C++"],
      simpletask: [
        "counts the lines of every log file",
        "prints the current date in UTC",
        "sorts a file and drops repeated lines",
        "lists the ten largest files",
        "replaces tabs by spaces",
      ],
      midtask: [
        "parses ISO dates with offsets",
        "merges overlapping intervals",
        "retries a request with backoff",
        "paginates a cursor based API",
        "validates an IBAN",
        "rounds money by banker's rule",
      ],
      twist: ["", "", "", "+ while the clock may run backwards", "+ under concurrent cancellation"],
      exception: [
        "KeyError: 'id'",
        "undefined is not a function",
        "index out of range",
        "deadlock detected",
        "cannot borrow as mutable",
        "NullPointerException",
      ],
      when: [
        "after about an hour",
        "on the second call",
        "when two users save at once",
        "for empty input",
        "only in the container",
        "under load",
      ],
      constraint: [
        "downtime",
        "changing the public interface",
        "a new dependency",
        "locking writers out",
        "touching the tests",
      ],
      entity: ["customer", "invoice", "session", "shipment", "role"],
      snippet: [
        "def total(rows):\n    t = 0\n    for r in rows:\n        t += r['qty'] * r['price']\n    return t",
        "function pick(xs, f) {\n  const out = {}\n  for (const x of xs) (out[f(x)] ||= []).push(x)\n  return out\n}",
        "func load(ctx context.Context, ids []string) ([]Item, error) {\n  out := make([]Item, 0)\n  for _, id := range ids {\n    go fetch(ctx, id, &out)\n  }\n  return out, nil\n}",
        "class Cache:\n    def __init__(self):\n        self.items = {}\n    def get(self, key, make):\n        if key not in self.items:\n            self.items[key] = make()\n        return self.items[key]",
        "async function save(doc) {\n  const current = await db.get(doc.id)\n  if (current.version !== doc.version) throw new Conflict()\n  await db.put({ ...doc, version: doc.version + 1 })\n}",
        "fn longest<'a>(a: &'a str, b: &'a str) -> &'a str {\n    if a.len() > b.len() { a } else { b }\n}",
      ],
    },
  },
  analytics: {
    skillShift: { "gpt-4o-mini": -0.03, "claude-3-5-haiku-20241022": -0.02 },
    templates: [
      { text: "Which {dimension} had the highest {metric} {period}?\n\n{table}", difficulty: 0, weight: 4 },
      {
        text: "Turn this question into a chart title: how did {metric} develop by {dimension} {period}?",
        difficulty: 0,
        weight: 3,
      },
      {
        text: "Write SQL that lists {metric} by {dimension} {period} from the table sales.",
        difficulty: 0,
        weight: 4,
      },
      {
        text: "Write SQL for the {metric} of each {dimension} {period}, with the share of the total and the change to the period before{twist}.",
        difficulty: 1,
        weight: 4,
      },
      {
        text: "{metric} by {dimension} looks wrong {period}. Here are the rows:\n\n{table}\n\nName the likely data error.",
        difficulty: 1,
        weight: 3,
      },
      {
        text: "Compare {metric} and {metricb} by {dimension} {period} and tell me in three sentences what matters:\n\n{table}",
        difficulty: 1,
        weight: 3,
      },
      {
        text: "We changed the price for one {dimension} {period}. Did {metric} change because of it, or because {confounder}? Choose a design, state its assumptions and estimate the effect:\n\n{table}",
        difficulty: 2,
        weight: 3,
      },
      {
        text: "Forecast {metric} by {dimension} for the next two quarters although {confounder}, and give an interval that the board can rely on:\n\n{table}",
        difficulty: 2,
        isStakes: true,
        weight: 2,
      },
      {
        text: "Reconcile {metric} between the ledger and the warehouse {period}, where {confounder}. Show which rows explain the gap.",
        difficulty: 2,
        isStakes: true,
        weight: 2,
      },
    ],
    slots: {
      metric: [
        "revenue",
        "churn",
        "gross margin",
        "active users",
        "refund rate",
        "average basket",
        "conversion",
      ],
      metricb: ["support cost", "delivery time", "discount depth", "returning customers"],
      dimension: ["country", "channel", "product line", "sales region", "customer segment", "store"],
      period: [
        "last month",
        "in the first quarter",
        "since the relaunch",
        "year to date",
        "over the holidays",
      ],
      twist: [
        "",
        "",
        "+, leaving out late corrections that arrived after the period was closed",
        "+, by fiscal weeks that don't match the calendar",
      ],
      confounder: [
        "the campaign started in the same week",
        "a competitor left the market",
        "the tracking changed twice",
        "half of the stores were closed",
        "exchange rates moved",
      ],
      table: [
        "name,value,previous\nnorth,1204,1100\nsouth,980,1310\neast,1533,1490\nwest,770,765",
        "name,value,previous\nweb,50210,48770\nstore,23890,30110\npartner,9120,4010",
        "name,value,previous\nalpha,12,14\nbeta,120,13\ngamma,15,15\ndelta,,16",
        "name,value,previous\nnew,331,298\nreturning,1290,1311\ndormant,45,80",
      ],
    },
  },
  extraction: {
    skillShift: { "gpt-4o-mini": 0.05, "claude-3-5-haiku-20241022": 0.03 },
    templates: [
      { text: 'Classify this message as {labels}:\n\n"{message}"', difficulty: 0, weight: 6 },
      { text: 'Extract {fields} as JSON from this text:\n\n"{message}"', difficulty: 0, weight: 5 },
      {
        text: 'Does this message ask for {intent}? Answer yes or no.\n\n"{message}"',
        difficulty: 0,
        weight: 4,
      },
      {
        text: "Extract every obligation, who owes it and by when, from this clause:\n\n{clause}",
        difficulty: 1,
        isStakes: true,
        weight: 3,
      },
      {
        text: 'Normalise the addresses and the amounts in this message to one JSON record per shipment{twist}:\n\n"{message}"',
        difficulty: 1,
        weight: 3,
      },
      {
        text: "Compare these two clauses and list every change that shifts liability{twist}:\n\n{clause}\n\n---\n\n{clauseb}",
        difficulty: 2,
        isStakes: true,
        weight: 2,
      },
    ],
    slots: {
      labels: [
        "billing, technical or other",
        "urgent or not urgent",
        "complaint, praise or question",
        "spam or real",
      ],
      fields: [
        "name, date and amount",
        "sender and topic",
        "product, quantity and price",
        "city and postal code",
      ],
      intent: ["a refund", "a call back", "a quote", "a human agent", "a delivery date"],
      twist: [
        "",
        "",
        "+, where one reference may point to several lines",
        "+, resolving what 'the former' and 'such party' stand for",
      ],
      message: [
        "Hi, the parcel for Harbor Street never came, please call me on +1 555 0100.",
        "Great service, thanks to Ana from the night shift!",
        "Invoice 7731 says 420.00 but we agreed on 380.00 last Tuesday.",
        "Please send three boxes of filters to Lyon and one to Ghent, same price as before.",
        "I can't log in since the update and my trial ends tomorrow.",
        "You have won a voucher, click the link to claim it now.",
        "Could someone quote forty seats for two years with onboarding?",
      ],
      clause: [
        "The Supplier shall indemnify the Customer against claims arising from late delivery, save where the Customer gave notice later than ten days.",
        "Either party may terminate on thirty days' notice if such party has cured no breach within the cure period set out in Schedule B.",
        "The Licensee keeps records for six years and lets the Licensor inspect them once a year at the former's cost.",
      ],
      clauseb: [
        "The Supplier indemnifies the Customer against direct claims from late delivery, capped at the fees of the last quarter.",
        "Either party may terminate at once if the other has not cured a material breach.",
        "The Licensee keeps records for three years; inspections are at the Licensor's cost unless fraud is found.",
      ],
    },
  },
  writing: {
    skillShift: { "gpt-4o-mini": 0, "claude-3-5-haiku-20241022": 0.02 },
    templates: [
      { text: 'Correct the spelling: "{sentence}"', difficulty: 0, weight: 5 },
      { text: 'Translate into {language}: "{sentence}"', difficulty: 0, weight: 4 },
      { text: "Give me five subject lines for a newsletter about {topic}.", difficulty: 0, weight: 4 },
      { text: "Write a friendly reply to a customer who {situation}.", difficulty: 1, weight: 4 },
      {
        text: 'Rewrite this for {audience} in under eighty words: "{sentence}" It is about {topic}{twist}.',
        difficulty: 1,
        weight: 4,
      },
      {
        text: "Write a press statement after {crisis}, for {audience}, that admits the fault without creating new liability.",
        difficulty: 2,
        isStakes: true,
        weight: 2,
      },
      {
        text: "Write a {form} about {topic} in which each line answers the one before and the first letters spell {word}.",
        difficulty: 2,
        weight: 2,
      },
    ],
    slots: {
      sentence: [
        "We has recieved you're order and will send it tomorow.",
        "The meeting moves to the afternoon because the room is taken.",
        "Our new filter saves water, time and nerves.",
        "Please find the documents atached and sign until friday.",
        "Nobody told the team that the launch was cancelled.",
      ],
      language: ["French", "German", "Italian", "Japanese", "Dutch", "Turkish"],
      topic: [
        "spring cleaning",
        "our new warehouse",
        "remote work",
        "a loyalty programme",
        "energy saving",
        "the annual meeting",
      ],
      situation: [
        "got the wrong size",
        "waited three weeks",
        "wants a discount after the sale",
        "praises one colleague by name",
        "threatens to leave",
      ],
      audience: ["busy executives", "first-time buyers", "engineers", "school children", "investors"],
      crisis: ["a data leak", "a product recall", "a week of outages", "the loss of customer parcels"],
      form: ["sonnet", "dialogue", "ballad", "villanelle"],
      word: ["HARBOR", "BEACON", "LANTERN", "ORCHARD"],
      twist: ["", "", "+, without losing either legal caveat"],
    },
  },
};

/** Short turns that follow an answer; their difficulty is their own, whatever came before. */
export const followUps: readonly Template[] = [
  { text: "Thanks, that worked.", difficulty: 0, weight: 3 },
  { text: "Make it shorter.", difficulty: 0, weight: 3 },
  { text: "Yes, please go ahead.", difficulty: 0, weight: 2 },
  { text: "Can you explain the second step?", difficulty: 0, weight: 2 },
  {
    text: "That is not what I meant. Look at it again and tell me what you missed.",
    difficulty: 1,
    weight: 2,
  },
  {
    text: "Now do the same again, but check every assumption and show where it could fail.",
    difficulty: 2,
    weight: 1,
  },
];
