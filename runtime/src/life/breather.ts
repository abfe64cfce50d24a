/** Gives way to other work when enough time has passed since it last did. */
export type Breather = () => Promise<void>;

/** Make a breather: work that calls it between its steps holds the event loop no longer than a slice and a step.
 * @param sliceMs longest stretch of work without a break, milliseconds */
export function createBreather(sliceMs = 2): Breather {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < sliceMs) return;
    await giveWay();
    since = performance.now();
  };
}

/** Let everything that waits run first: timers and sockets, not only promises. */
function giveWay(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (run: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
}
