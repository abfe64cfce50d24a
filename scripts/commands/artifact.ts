import { InputError } from "../../datasets/errors.js";
import { makeSigningKeys, signArtifact, verifyArtifact } from "../../pipelines/export/sign-artifact.js";
import { printJson, printLine } from "../terminal.js";
import { defineCommand } from "./command.js";
import { sharedOptions } from "./shared-options.js";

/** `signalbox artifact`: sign an exported artifact, and check one. */
export const artifactCommand = defineCommand({
  command: "artifact <action>",
  describe: "Make signing keys, sign an artifact, or check one and its signature",
  builder: (yargs) =>
    yargs
      .positional("action", {
        choices: ["keygen", "sign", "verify"] as const,
        demandOption: true,
        describe: "keygen makes a pair of keys; sign writes manifest.sig; verify loads with every check",
      })
      .option("artifact", {
        type: "string",
        describe: "sign, verify: an artifact's folder, or a folder of artifacts with latest.json",
      })
      .option("key", {
        type: "string",
        describe: "sign: private key (PEM); verify: public key (PEM, or base64 of its 32 bytes)",
      })
      .option("out", { type: "string", describe: "keygen: file of the private key; .pub is put beside it" })
      .option("json", sharedOptions.json)
      .example(
        "$0 artifact keygen --out release.pem",
        "Once: keep release.pem secret, hand out release.pem.pub",
      )
      .example("$0 artifact sign --artifact ws/artifact --key release.pem", "After each export")
      .example("$0 artifact verify --artifact ws/artifact --key release.pem.pub", "Before it is deployed"),
  handler: async ({ action, artifact, key, out, json }) => {
    if (action === "keygen") {
      const keys = makeSigningKeys(needed("keygen", "--out FILE", out));
      if (json) return printJson(keys);
      printLine(`${keys.private_key}: private key; keep it secret`);
      printLine(`${keys.public_key}: public key, ${keys.public_key_base64}`);
      return printLine(`Next: signalbox artifact sign --artifact DIR --key ${keys.private_key}`);
    }
    const folder = needed(action, "--artifact DIR", artifact);
    const file = needed(action, "--key FILE", key);
    const result = await (action === "sign" ? signArtifact(folder, file) : verifyArtifact(folder, file));
    if (json) return printJson(result);
    const said = action === "sign" ? "signed" : "whole, and signed";
    printLine(`${result.path}: ${said} by ${result.public_key_base64}`);
  },
});

function needed(action: string, option: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw new InputError(`artifact ${action} needs ${option}`);
}
