import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClaimsResult, checkClaims } from "../../../pipelines/claims/check-claims.js";

const folder = mkdtempSync(join(tmpdir(), "claims-"));
afterAll(() => rmSync(folder, { recursive: true }));

let result: ClaimsResult;
beforeAll(() => {
  result = checkClaims("examples/claims/mechanisms.json");
});

function claim(id: string): ClaimsResult["claims"][0] {
  return result.claims.find((one) => one.id === id)!;
}

test.each<[string, Record<string, number>]>([
  [
    "routed-mix",
    {
      baseline_usd: 56000,
      "route:small": 2400,
      "route:flagship": 16800,
      "route:flagship + verification": 8400,
      routed_usd: 27600,
    },
  ],
  ["fintech-blend", { usd_per_mtok: 1.514, saved_percent: 69.72, price_ratio: 250 }],
  ["tutoring", { saved_percent: 87.5, before_usd_per_call: 0.008, after_usd_per_call: 0.001 }],
  ["support", { saved_percent: 76 }],
  ["markup-year", { year_usd: 24000 }],
  ["tokens-break-even", { output_tokens_per_call: 5000, input_tokens_per_call: 20000 }],
])("the worked example %s reproduces exactly", (id, computed) => {
  const { verdict, figures } = claim(id);
  expect(verdict).toBe("holds");
  expect(Object.fromEntries(figures.map((figure) => [figure.name, figure.computed]))).toMatchObject(computed);
});

test.each<[string, RegExp]>([
  [
    "markup-base",
    /\$1,920 is 5 % of \$38,400, which is neither the routed bill \(\$27,600\) nor the unrouted bill/,
  ],
  [
    "markup-base",
    /5 % of \$27,600 \(the routed bill\) = \$1,380; 5 % of \$56,000 \(the unrouted bill\) = \$2,800/,
  ],
  ["per-call-fee", /10,000 calls x \$0.05 = \$500 a day/],
  ["per-call-fee", /\$25 is \$0.0025 a call, less than the fee alone: .* not what the user pays/],
  ["volume-break-even", /no number of calls turns the dearer into the cheaper/],
  ["volume-break-even", /5,000 output tokens a call, or .* = 20,000 input tokens a call/],
  ["subscription", /\$100 \/ \(100 a day x 30 days\) = \$0.03333 a call/],
  ["subscription", /\$1 follows from another reading: 100 calls a month, not a day/],
  ["direct-cost-per-call", /3 values for one quantity, 42 times apart/],
  ["llama-price", /2 values for one quantity, 3.93 times apart: 0.15 \(text\), 0.59 \(table\)/],
  ["frontier-share", /stated below 20 %, but 30 % \(flagship\) \+ 10 % \(flagship \+ verification\) = 40 %/],
  ["cagr-2028", /\^\(1\/4\) - 1 = 56.5 %/],
  ["cagr-2028", /43 % follows from another reading: growth over 5 years; 2024 to 2028 are 4/],
  ["cagr-2027", /\^\(1\/3\) - 1 = 132.1 %/],
  ["overkill-share", /used as a share of overkill calls and of misrouted calls/],
  ["overkill-share", /78 % x 62 % = 48.36 % of all/],
])("the claim %s is flagged with its arithmetic: %s", (id, arithmetic) => {
  const { verdict, findings } = claim(id);
  expect(verdict).toBe("fails");
  expect(findings.join("\n")).toMatch(arithmetic);
});

test("nothing else holds or fails", () => {
  expect([result.holds, result.fails, result.claims.length]).toEqual([6, 10, 16]);
});

const good = {
  id: "a",
  statement: "half",
  kind: "saving",
  inputs: { before_usd: 2, after_usd: 1 },
  stated: { times: 2 },
};

test.each<[string, unknown, RegExp]>([
  ["an object", good, /not a list of claims/],
  ["an empty list", [], /not a list of claims/],
  ["a text in the list", ["a"], /claims\[0\] is "a"; give an object/],
  [
    "an unknown kind",
    [{ ...good, kind: "guess" }],
    /claims\[0\]\.kind is "guess"; give one of percent_of, saving/,
  ],
  ["an id twice", [good, good], /claims\[1\]\.id is "a" again; ids are unique/],
  ["an unknown field", [{ ...good, tolerence: 0 }], /claims\[0\] has "tolerence", which means nothing here/],
  ["no statement", [{ ...good, statement: " " }], /claims\[0\]\.statement is " "; give a text/],
])("a file of %s is refused", (_, document, message) => {
  const path = join(folder, "claims.json");
  writeFileSync(path, JSON.stringify(document));
  expect(() => checkClaims(path)).toThrow(message);
});

test("a file that isn't there, or isn't JSON, is named", () => {
  expect(() => checkClaims(join(folder, "none.json"))).toThrow(/none\.json: ENOENT/);
  const path = join(folder, "cut.json");
  writeFileSync(path, '[{"id": "a"');
  expect(() => checkClaims(path)).toThrow(/cut\.json: not readable as JSON/);
});
