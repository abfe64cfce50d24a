import { expect, test } from "vitest";
import { type Offer, openOffers } from "../../../models/cache/open-offers.js";
import { hashedEmbedder } from "../../../runtime/src/embed/hashed-embedder.js";
import { itemOf } from "./stream-items.js";

const { embed } = hashedEmbedder(256);
const options = { embed, ttlS: Infinity };

/** What is offered, in words. */
function told(offer: Offer): string {
  return offer.tier === "none" ? "none" : `${offer.tier} ${offer.entry.id}`;
}

const offersOf = (items: ReturnType<typeof itemOf>[], ttlS = Infinity) => {
  const offerTo = openOffers(items, { ...options, ttlS });
  return items.map((item) => told(offerTo(item)));
};

test("looks both ways in time, never at the request itself", () => {
  const items = [itemOf("How do I reset my password?", 0), itemOf("How do I reset the password?", 1)];
  expect(offersOf(items)).toEqual([
    "semantic How do I reset the password?@1",
    "semantic How do I reset my password?@0",
  ]);
});

test("offers an equal request first", () => {
  const items = [itemOf("reset password", 0), itemOf("reset passwords", 1), itemOf("reset password", 2)];
  expect(offersOf(items)).toEqual([
    "exact reset password@2",
    "semantic reset password@0",
    "exact reset password@0",
  ]);
});

test("passes over a twin with other numbers for the next one, and offers nothing where there is none", () => {
  const items = [
    itemOf("plan a dinner for 20 guests", 0),
    itemOf("plan a dinner for 30 guests", 1),
    itemOf("please plan a nice dinner for 20 guests", 2),
  ];
  expect(offersOf(items)).toEqual([
    "semantic please plan a nice dinner for 20 guests@2",
    "none",
    "semantic plan a dinner for 20 guests@0",
  ]);
});

test("never looks into another scope, nor at what must not be cached, nor beyond the time to live", () => {
  const base = "How do I reset my password?";
  expect(offersOf([itemOf(base, 0, { scope: "a" }), itemOf(base, 1, { scope: "b" })])).toEqual([
    "none",
    "none",
  ]);
  expect(offersOf([itemOf(base, 0), itemOf(base, 1, { neverCache: "time_sensitive" })])).toEqual([
    "none",
    "none",
  ]);
  expect(offersOf([itemOf(base, 0), itemOf(base, 9)], 8)).toEqual(["none", "none"]);
  expect(offersOf([itemOf(base, 0), itemOf(base, 8)], 8)).toEqual([`exact ${base}@8`, `exact ${base}@0`]);
});

test("the features know which neighbours hold the same answer", () => {
  const items = [
    itemOf("how to reset my password", 0, { answerGroup: 1 }),
    itemOf("how to reset the password", 1, { answerGroup: 1 }),
    itemOf("how to reset a password", 2, { answerGroup: 2 }),
  ];
  const offer = openOffers(items, options)(items[0]!);
  if (offer.tier !== "semantic") throw new Error("no offer");
  const [cosine, margin, agreeClosest, agreeAll] = offer.features;
  expect(cosine).toBeCloseTo(offer.cosine, 6);
  expect(margin).toBeLessThan(cosine!);
  expect([agreeClosest, agreeAll]).toEqual([0, 0]);
});
