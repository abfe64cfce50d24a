import { describe, expect, test } from "vitest";
import { type CacheableParts, NeverCache, neverCacheReasons } from "../src/cache/cacheability.js";
import { hostileTexts } from "./support/hostile.js";

describe("neverCacheReasons", () => {
  test.each<[string, NeverCache[]]>([
    ["Why was my card declined?", []],
    ["How do I change my PIN?", []],
    ["Where can I see my credit score?", []],
    ["Is my money safe with you?", []],
    ["Which current accounts do you offer?", []],
    ["What do I do now?", []],
    ["Are you open on Sundays?", []],
    ["May I bring 2 dogs?", []],
    ["When does order processing start?", []],
    ["The package costs 4111 points", []],
    ["version 2.10.20 of libfoo-1.2.3", []],
    ["IBAN DE00 1234 5678 9012 3456 78 is a made-up one", []],
    ["Write to jane@example.org", ["personal_data"]],
    ["[EMAIL_1f3a9c] wrote that", ["personal_data"]],
    ["Refund 4111 1111 1111 1111", ["personal_data"]],
    ["Refund 4111 1111 1111 1112", []],
    ["Pay to DE89 3704 0044 0532 0130 00", ["personal_data"]],
    ["Call +49 30 901820 back", ["personal_data"]],
    ["my phone number is 555 123 4567", ["personal_data"]],
    ["What is the weather today?", ["time_sensitive"]],
    ["latest news on the merger", ["time_sensitive"]],
    ["the current price of gold", ["time_sensitive"]],
    ["exchange rate right now", ["time_sensitive"]],
    ["sales of last week", ["time_sensitive"]],
    ["flights on 5 May", ["time_sensitive"]],
    ["what happened on 2024-02-29?", ["time_sensitive"]],
    ["Wie wird das Wetter heute?", ["time_sensitive"]],
    ["Quel temps fait-il demain ?", ["time_sensitive"]],
    ["¿Qué tiempo hace hoy?", ["time_sensitive"]],
    ["qual o preço atual", ["time_sensitive"]],
    ["Where is my order?", ["user_specific"]],
    ["What's the status of order #12345?", ["user_specific"]],
    ["ticket 99812 please", ["user_specific"]],
    ["what is my balance", ["user_specific"]],
    ["my order status", ["user_specific"]],
    ["Hi, my name is Ann", ["user_specific"]],
    ["who am I?", ["user_specific"]],
    ["how much did I spend on rent", ["user_specific"]],
    ["Wie ist mein Kontostand?", ["user_specific"]],
    ["où est ma commande", ["user_specific"]],
    ["", ["no_text"]],
    [" \n", ["no_text"]],
    ["x".repeat(32_769), ["too_long"]],
  ])("%s", (text, reasons) => {
    expect(neverCacheReasons({ text })).toEqual(reasons);
  });

  test.each<[string, Partial<CacheableParts>, NeverCache[]]>([
    ["an omitted temperature", {}, []],
    ["null", { temperature: null }, []],
    ["the bound", { temperature: 1 }, []],
    ["above it", { temperature: 1.1 }, ["temperature"]],
    ["no number", { temperature: Number.NaN }, ["temperature"]],
    ["above the user's bound", { temperature: 0.3, maxTemperature: 0.2 }, ["temperature"]],
    ["results of tools", { hasToolResults: true }, ["tool_results"]],
    ["an image", { nAttachments: 1 }, ["attachments"]],
  ])("parts: %s", (_, parts, reasons) => {
    expect(neverCacheReasons({ text: "What is a monad?", ...parts })).toEqual(reasons);
  });

  test("answers for any text, with codes that it names", () => {
    const codes = new Set<string>(Object.values(NeverCache));
    for (const text of hostileTexts) {
      for (const code of neverCacheReasons({ text })) expect(codes).toContain(code);
    }
  });
});
