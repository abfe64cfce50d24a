/** Runs a check again and again in the background.
 * @returns stops it */
export type Schedule = (check: () => Promise<unknown>, everyMs: number) => () => void;

/** Run a check at an interval, never two at once, without keeping the process alive. */
export const scheduleInterval: Schedule = (check, everyMs) => {
  let isRunning = false;
  const timer = setInterval(async () => {
    if (isRunning) return;
    isRunning = true;
    await check().catch(() => {});
    isRunning = false;
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
};
