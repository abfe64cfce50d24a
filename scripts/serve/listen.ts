import type { Server } from "node:http";
import { InputError } from "../../datasets/errors.js";

/** Resolves when a server listens.
 * @param port 0 = a free one
 * @throws {InputError} when the port is taken; what else the system refuses as it says it */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException) => {
      if (cause.code !== "EADDRINUSE") return reject(cause);
      const message = `port ${port} of ${host} is taken; name another one with --port, or 0 for a free one`;
      reject(new InputError(message, { cause }));
    };
    server.once("error", refuse);
    server.listen(port, host, () => {
      server.off("error", refuse);
      resolve();
    });
  });
}
