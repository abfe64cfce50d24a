import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../datasets/package-root.js";

/** The page that shows the stages and, under them, the report; it asks the server every second what has changed.
 * @returns the page and the content security policy that it must be sent with */
export function livePage(): { html: string; policy: string } {
  const [script, style] = ["live.js", "live.css"].map((name) =>
    readFileSync(join(packageRoot, "reports", "page", name), "utf8"),
  );
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Signalbox workspace</title>
<style>${style}</style>
</head>
<body>
<header><h1>Signalbox workspace</h1><p id="said" role="status"></p><ol id="stages" aria-label="Stages"></ol></header>
<main><iframe id="report" title="Report" src="/report.html"></iframe></main>
<script>${script}</script>
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `script-src '${hash(script!)}'`,
    `style-src '${hash(style!)}'`,
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
  return { html, policy };
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
