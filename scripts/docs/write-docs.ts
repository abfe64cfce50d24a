import { join } from "node:path";
import { packageRoot } from "../../datasets/package-root.js";
import { mappingSchemaText } from "../../datasets/sources/mapping/mapping-schema.js";
import { writeFileAtomic } from "../../datasets/workspace.js";
import { cliPage } from "./cli-page.js";
import { requestLogPage } from "./request-log-page.js";
import { reportSchemaText } from "./schema/report-schema.js";

writeFileAtomic(join(packageRoot, "docs", "cli.md"), await cliPage());
writeFileAtomic(join(packageRoot, "docs", "request-log.md"), requestLogPage());
writeFileAtomic(join(packageRoot, "docs", "report-schema.json"), reportSchemaText());
writeFileAtomic(
  join(packageRoot, "datasets", "sources", "mapping", "mapping.schema.json"),
  mappingSchemaText(),
);
