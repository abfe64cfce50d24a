import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../../datasets/privacy/redact.js";
import { decoys, findings } from "./corpus.js";

const salt = "pepper";

describe("redact", () => {
  test.each(findings)("replaces $kind in $text", ({ kind, text, value }) => {
    const { text: redacted, counts } = redact(text, salt);
    expect(redacted).toMatch(new RegExp(`\\[${kind}_[0-9a-f]{6}\\]`));
    expect(redacted).not.toContain(value);
    expect(redacted.replace(/\[[A-Z_]+_[0-9a-f]{6}\]/, value)).toBe(text);
    expect(counts).toEqual({ [kind]: 1 });
  });

  test.each(decoys)("leaves %s", (text) => {
    expect(redact(text, salt)).toEqual({ text, counts: {} });
  });

  test("gives equal values equal placeholders, however they are written, and other salts others", () => {
    const { text } = redact(
      "Bob@Example.org bob@example.org eve@example.org; 4111 1111 1111 1111 / 4111111111111111",
      salt,
    );
    const [bob, again, eve, card, sameCard] = text.match(/\[[A-Z]+_[0-9a-f]{6}\]/g)!;
    expect(again).toBe(bob);
    expect(eve).not.toBe(bob);
    expect(sameCard).toBe(card);
    expect(redact("bob@example.org", "other").text).not.toBe(bob);
  });

  test("counts by kind", () => {
    expect(redact("a@example.org b@example.org 203.0.113.77", salt).counts).toEqual({ EMAIL: 2, IP: 1 });
  });

  test("redacting twice changes nothing", () => {
    const pieces = [...findings.map(({ text }) => text), ...decoys, " ", "\n", "\\n", '"', ":"];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 })), {
          maxLength: 8,
        }),
        (parts) => {
          const once = redact(parts.join(" "), salt).text;
          expect(redact(once, salt).text).toBe(once);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("finds every value between hostile neighbours", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...findings),
        fc.constantFrom(" ", "\n", "\t", '"', "(", "\\n", ", "),
        ({ text, value }, gap) => {
          expect(redact(`x${gap}${text}\ny`, salt).text).not.toContain(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("keeps JSON parsable when it redacts JSON inside a JSON string", () => {
    const inner = JSON.stringify({ a: "line\nbob@example.org\t+49 30 901820", b: "\u0001 203.0.113.77" });
    const redacted = redact(JSON.stringify({ body: inner }), salt).text;
    expect(redacted).not.toMatch(/bob@|901820|203\.0/);
    expect(JSON.parse(JSON.parse(redacted).body).a).toMatch(
      /^line\n\[EMAIL_[0-9a-f]{6}\]\t\[PHONE_[0-9a-f]{6}\]$/,
    );
  });

  const hostile = [
    "a",
    "1",
    "1 ",
    "12-",
    "a@",
    "a.",
    "a@a.",
    "@",
    ":",
    "0:",
    "::",
    "ffff:",
    "1.",
    "1.1.1.1.",
    "+1 ",
    "+",
    "(",
    "(555)",
    "0 ",
    "-",
    " ",
    "\\n",
    "\\u0041",
    "é",
    "\ud800",
    "A",
    "DE89",
    "DE89 ",
    "sk-",
    "sk-a",
    "eyJ",
    "eyJaaaaaaaa.",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----",
    "BEGIN ",
    "Bearer ",
    "bearer a",
    "a://",
    "a://a:",
    "://",
    "password=",
    "password=a",
    "token:",
    "secret = ",
    "AKIA",
    "ghp_",
    "xoxb-",
    "SG.",
    "4",
    "4111 ",
    "41111111 1111-",
    "http://a:b",
    "Basic a",
    "phone ",
    "tel 1",
    "call me ",
    "Dear A",
    "Dear A ",
    "my name is A ",
    "Name: Anna ",
    '"name": "A',
    "Mr. A ",
    "AB 12 34 56 ",
    "123-45-",
    "756.1234.",
    "bsn 1",
    "cpf ",
    "password is a",
    "dapi0",
    "ya29.a",
    "sk_live_a",
    "://a:b",
  ];
  test.each(hostile)("takes time in proportion to the length of a text of %j", (unit) => {
    const cpuMs = (chars: number): number => {
      const text = unit.repeat(Math.ceil(chars / unit.length));
      const start = process.cpuUsage();
      redact(text, salt);
      return process.cpuUsage(start).user / 1000;
    };
    // Quadratic time would take 64 times as long for 8 times the text; short runs are lifted over the clock's noise.
    const [short, long] = [Math.max(cpuMs(125_000), 20), cpuMs(1_000_000)];
    expect(long / short).toBeLessThan(30);
  });
});
