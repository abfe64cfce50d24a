import fc from "fast-check";
import { expect, test } from "vitest";
import { redactText } from "../../src/shadow/redact-text.js";

const cases: Array<[string, string]> = [
  ["Mail ann.lee+x@mail.example.co.uk now", "Mail [EMAIL] now"],
  ["пишите на иван@пример.рф", "пишите на [EMAIL]"],
  ["card 4111 1111 1111 1111 and 4111 1111 1111 1112", "card [CARD] and 4111 1111 1111 1112"],
  ["to DE89 3704 0044 0532 0130 00, not DE88370400440532013000", "to [IBAN], not DE88370400440532013000"],
  ["call +49 30 901820 or (212) 555-0187", "call [PHONE] or [PHONE]"],
  ["from 192.168.10.254 to 8.8.8.8, version 1.2.3, 999.1.1.1", "from [IP] to [IP], version 1.2.3, 999.1.1.1"],
  ["key sk-proj-abcdefghijklmnop1234 here", "key [SECRET] here"],
  ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[SECRET]"],
  ["AKIAIOSFODNN7EXAMPLE", "[SECRET]"],
  ["Authorization: Bearer abcdefghijklmnop.qrst", "Authorization: Bearer [SECRET]"],
  ['{"password": "hunter2hunter2"}', '{"password": "[SECRET]"}'],
  ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\nafter", "[SECRET]\nafter"],
  [
    "skip the risk-assessment at 10:30 for 25 people in 2026",
    "skip the risk-assessment at 10:30 for 25 people in 2026",
  ],
  ["", ""],
];
test.each(cases)("%s", (given, wanted) => {
  expect(redactText(given)).toBe(wanted);
});

test("is done after one pass", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.emailAddress(), fc.ipV4())), (parts) => {
      const once = redactText(parts.join(" "));
      expect(redactText(once)).toBe(once);
    }),
  );
});

test("no mailbox survives, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.emailAddress({ size: "small" }), (address) => {
      const plain = /^[\w.%+-]+@[\w.-]+$/.test(address);
      fc.pre(plain);
      expect(redactText(`(${address}), and`)).not.toContain(address);
    }),
  );
});
