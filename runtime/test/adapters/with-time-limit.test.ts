import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withTimeLimit } from "../../src/adapters/with-time-limit.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const untilAborted = (signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a call whose response doesn't start in time is aborted as timed out", async () => {
  const asked = withTimeLimit(untilAborted, 100, null);
  const refused = expect(asked).rejects.toMatchObject({ name: "TimeoutError" });
  await vi.advanceTimersByTimeAsync(100);
  await refused;
});

test("a response that has started may take as long as it likes", async () => {
  let given: AbortSignal | undefined;
  await withTimeLimit(
    async (signal) => {
      given = signal;
      return new Response("{}");
    },
    100,
    new AbortController().signal,
  );
  await vi.advanceTimersByTimeAsync(1_000);
  expect(given!.aborted).toBe(false);
});

test("the caller's abort reaches the call, before its response and after", async () => {
  const control = new AbortController();
  const asked = withTimeLimit(untilAborted, 100, control.signal);
  control.abort(new Error("mine"));
  await expect(asked).rejects.toThrow("mine");
});
