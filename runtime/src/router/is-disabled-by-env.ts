/** Whether SIGNALBOX_DISABLED is 1; never on hosts without an environment. */
export function isDisabledByEnv(): boolean {
  return host.process?.env?.SIGNALBOX_DISABLED === "1";
}

const host = globalThis as { process?: { env?: Record<string, string | undefined> } };
