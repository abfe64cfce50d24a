/** Complexity of a prompt by hand-written rules: a weighted sum of the seven factors that LiteLLM's complexity router documents, with
 * its weights and word lists of our own. Rules need no data, and on public benchmarks hardly beat prompt length.
 * @returns about -0.1 to 1, higher = harder
 * @see LiteLLM, router_strategy/complexity_router/README.md */
export function ruleScore(text: string): number {
  return factors.reduce((sum, { weight, of }) => sum + weight * of(text), 0);
}

/** 15 tokens and fewer count as short, 400 and more as long, at four characters a token. */
const shortChars = 60;
const longChars = 1600;

const factors: ReadonlyArray<{ weight: number; of: (text: string) => number }> = [
  {
    weight: 0.1,
    of: ({ length }) => clamp((2 * (length - shortChars)) / (longChars - shortChars) - 1, -1, 1),
  },
  {
    weight: 0.3,
    of: hits(
      /```|[{};]\s*$|\b(?:function|class|def|import|return|const|async|await|struct|enum|interface|lambda|sql|select .+ from|python|javascript|typescript|java|rust|golang|regex|api|endpoint|compile[rsd]?|debug|stack ?trace|exception|unit tests?|refactor)\b/gim,
      3,
    ),
  },
  {
    weight: 0.25,
    of: hits(
      /\b(?:prove|proof|derive|deduce|infer|justify|explain why|step by step|think through|reason about|analy[sz]e|evaluate|compare|contrast|critique|trade-?offs?|pros and cons|root cause|implications?)\b/gi,
      2,
    ),
  },
  {
    weight: 0.25,
    of: hits(
      /\b(?:algorithm|complexity|theorem|lemma|integral|derivative|matrix|eigenvalues?|polynomial|probability|distribution|regression|gradient|neural|quantum|thermodynamic|entropy|equilibrium|enzymes?|genome|protein|diagnos[ei]s|pharmac\w+|jurisdiction|liability|statute|encryption|protocol|distributed|concurrency|architecture|latency|throughput)\b/gi,
      3,
    ),
  },
  {
    weight: -0.05,
    of: hits(
      /^\s*(?:hi|hello|hey|thanks?|thank you|ok|okay|yes|no)\b|\b(?:what is|what's|who is|when did|where is|define|translate|spell)\b/gi,
      1,
    ),
  },
  {
    weight: 0.03,
    of: hits(/^\s*\d+[.)]\s|\bfirst(?:ly)?\b.*\b(?:then|second(?:ly)?|next|finally)\b|\bafter that\b/gims, 2),
  },
  { weight: 0.02, of: hits(/\?/g, 3) },
];

/** Share of `enough` matches that a text has, at most 1. */
function hits(pattern: RegExp, enough: number): (text: string) => number {
  return (text) => Math.min(1, (text.match(pattern)?.length ?? 0) / enough);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
