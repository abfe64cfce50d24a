/** What a column's name says. */
export interface ColumnWords {
  /** Its words in one spelling each: `promptTokens` and `tokens_in` are both input + tokens. */
  words: Set<string>;
  /** Those of its last part. */
  own: Set<string>;
  /** Unit that it names: s, ms, us, ns, cents, micro_usd, ... */
  unit: string | null;
}

/** Read the name of a column, its last part first; the parts above it lend a word where they say what the last one leaves out
 * (`usage.input`, `timing.start`). */
export function columnWords(names: readonly string[]): ColumnWords {
  const last = split(names.at(-1) ?? "");
  const above = split(names.at(-2) ?? "").filter((word) => contextWords.has(synonyms[word] ?? word));
  const units = last.map((word) => unitWords[word]).filter((unit) => unit !== undefined);
  const plain = last.filter((word) => unitWords[word] === undefined || last.length === 1);
  const common = (list: readonly string[]) =>
    new Set(list.map((word) => synonyms[word] ?? word).filter((word) => !filler.has(word)));
  return { words: common([...plain, ...above]), own: common(plain), unit: units.at(-1) ?? null };
}

/** Likeness of a column's words to those of a field, 0 to 1: twice the common words by all words (Dice 1945). */
export function likeness(words: ReadonlySet<string>, wanted: readonly string[]): number {
  if (words.size === 0) return 0;
  const common = wanted.filter((word) => words.has(word)).length;
  return (2 * common) / (words.size + wanted.length);
}

function split(name: string): string[] {
  return name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "");
}

const synonyms: Record<string, string> = Object.fromEntries(
  Object.entries({
    input: [
      "inputs",
      "eingabe",
      "frage",
      "entree",
      "entrada",
      "prompt",
      "in",
      "context",
      "ingress",
      "question",
      "query",
    ],
    output: [
      "completion",
      "completions",
      "out",
      "generated",
      "generation",
      "outputs",
      "answer",
      "gen",
      "ausgabe",
      "antwort",
      "sortie",
      "salida",
    ],
    tokens: ["token", "tok", "toks", "tkn", "tkns", "usage", "jeton", "jetons", "fichas"],
    total: ["overall", "sum", "all"],
    cache: ["cached", "caching"],
    read: ["hit", "hits", "reads"],
    write: ["creation", "create", "written", "writes", "miss"],
    reasoning: ["reason", "thinking", "thoughts", "thought", "think"],
    time: [
      "datum",
      "zeit",
      "zeitpunkt",
      "uhrzeit",
      "fecha",
      "horodatage",
      "heure",
      "timestamp",
      "ts",
      "datetime",
      "date",
      "when",
      "instant",
      "t",
    ],
    start: [
      "started",
      "begin",
      "began",
      "created",
      "sent",
      "submitted",
      "received",
      "requested",
      "issued",
      "occurred",
      "happened",
      "logged",
      "emitted",
    ],
    end: ["ended", "finish", "finished", "stop", "stopped", "completed", "done"],
    latency: [
      "duration",
      "dur",
      "elapsed",
      "took",
      "runtime",
      "lat",
      "dauer",
      "duree",
      "duracion",
      "durata",
      "latenz",
      "latence",
      "latencia",
    ],
    cost: [
      "price",
      "spend",
      "charge",
      "charged",
      "amount",
      "fee",
      "billed",
      "expense",
      "kosten",
      "preis",
      "cout",
      "costo",
      "coste",
    ],
    model: ["modell", "modele", "modelo", "engine", "deployment", "llm"],
    provider: ["vendor", "upstream", "supplier", "platform", "anbieter", "fournisseur", "proveedor"],
    error: ["err", "exception", "failure", "fehler", "erreur"],
    user: [
      "customer",
      "enduser",
      "uid",
      "caller",
      "nutzer",
      "benutzer",
      "username",
      "utilisateur",
      "usuario",
    ],
    session: ["conversation", "sitzung", "thread", "chat", "trace", "dialog"],
    tenant: [
      "organization",
      "organisation",
      "org",
      "team",
      "workspace",
      "account",
      "company",
      "mandant",
      "abteilung",
      "equipe",
    ],
    app: ["application", "service", "feature", "product", "project", "component", "anwendung", "dienst"],
    status: ["outcome", "success", "successful", "state", "ok", "statut", "estado"],
    code: ["http", "statuscode"],
    first: ["ttfb", "ttft"],
    stream: ["streaming", "streamed"],
    text: ["content", "body", "message"],
    response: ["resp", "res", "reply"],
    request: ["req", "call", "invocation", "anfrage", "requete"],
  }).flatMap(([word, others]) => others.map((other) => [other, word])),
);

/** Words of a parent that may complete a name. */
const contextWords = new Set([
  "tokens",
  "input",
  "output",
  "cache",
  "cost",
  "time",
  "latency",
  "error",
  "model",
  "user",
  "request",
  "response",
]);

const filler = new Set([
  "choices",
  "at",
  "count",
  "num",
  "n",
  "number",
  "of",
  "the",
  "llm",
  "ai",
  "value",
  "field",
  "to",
  "is",
  "details",
  "detail",
  "log",
  "event",
  "data",
  "meta",
  "metadata",
  "utc",
]);

const unitWords: Record<string, string> = {
  ms: "ms",
  msec: "ms",
  millis: "ms",
  milliseconds: "ms",
  s: "s",
  sec: "s",
  secs: "s",
  seconds: "s",
  sek: "s",
  sekunden: "s",
  secondes: "s",
  segundos: "s",
  us: "us",
  micros: "us",
  microseconds: "us",
  ns: "ns",
  nanos: "ns",
  nanoseconds: "ns",
  nano: "ns",
  usd: "usd",
  dollars: "usd",
  cents: "cents",
  cent: "cents",
  centimes: "cents",
  centavos: "cents",
  microusd: "micro_usd",
  microdollars: "micro_usd",
};
