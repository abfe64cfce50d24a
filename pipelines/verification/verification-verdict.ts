import type { VerificationFigures } from "./describe-verification.js";

/** Say in a sentence or two when a verification pass pays. */
export function verificationVerdict(figures: VerificationFigures, errorUsd: number | null): string {
  const { stakes_requests, caught, break_even_error_usd: even, net_usd: net } = figures;
  if (stakes_requests === 0) return "Nothing to verify: no compared request has stakes.";
  if (caught === null) return "Unknown: how often the verifier errs has not been measured.";
  if (!(caught.value > 0))
    return "It catches nothing: no answer is expected to be worse than the strong model's, or the verifier rejects none.";
  if (even === null) return "Unknown: the verifier's price is not known.";
  const from = `It pays where an uncaught error costs more than $${even.value.toPrecision(3)}.${instead(figures)}`;
  if (net === null || errorUsd === null) return from;
  if (net.low > 0) return `At $${errorUsd} an error it pays. ${from}`;
  if (net.high < 0) return `At $${errorUsd} an error it does not pay. ${from}`;
  return `At $${errorUsd} an error it is undecided. ${from}`;
}

function instead({ strong_instead, break_even_error_usd: even }: VerificationFigures): string {
  const dearer = strong_instead.usd_per_prevented;
  if (dearer === null || even === null) return "";
  const price = `$${dearer.value.toPrecision(3)} per error`;
  return dearer.value < even.value
    ? ` Sending these requests to the strong model at once prevents them for ${price}: that is the better use of the money.`
    : ` Sending these requests to the strong model at once would cost ${price}.`;
}
