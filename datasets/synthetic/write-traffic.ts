import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../workspace.js";
import { TrafficFormat } from "./synthetic-apps.js";
import type { SyntheticRequest, SyntheticWorld } from "./traffic.js";
import { litellmLine } from "./write-litellm.js";
import { otlpLine } from "./write-otlp.js";
import { rawPairLine } from "./write-raw-pairs.js";

/** Text of a world's log files by file name, one per log format; equal worlds give equal bytes. Duplicates that the log
 * shipper made are in them. */
export function trafficFiles(world: SyntheticWorld): Record<string, string> {
  const of = (format: TrafficFormat) => world.requests.filter((request) => request.app.format === format);
  return {
    "litellm.jsonl": fileOf(of(TrafficFormat.litellm), (request) => [litellmLine(request)]),
    "otlp.jsonl": otlpFile(of(TrafficFormat.otlp)),
    "proxy.jsonl": fileOf(of(TrafficFormat.rawPairs), (request) => [rawPairLine(request)]),
  };
}

/** Write a world's log files into a folder, which is made if needed.
 * @returns the files' paths */
export function writeTraffic(world: SyntheticWorld, folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return Object.entries(trafficFiles(world)).map(([name, text]) => {
    const path = join(folder, name);
    writeFileAtomic(path, text);
    return path;
  });
}

function fileOf(
  requests: readonly SyntheticRequest[],
  linesOf: (request: SyntheticRequest) => string[],
): string {
  return requests
    .flatMap((request) => {
      const lines = linesOf(request);
      return request.isLoggedTwice ? [...lines, ...lines] : lines;
    })
    .map((line) => `${line}\n`)
    .join("");
}

/** The exporter sends the spans of one service in batches; a batch may be sent twice. */
function otlpFile(requests: readonly SyntheticRequest[]): string {
  const apps = [...new Set(requests.map(({ app }) => app))];
  return apps
    .flatMap((app) => batches(requests.filter((request) => request.app === app)))
    .flatMap((batch) => (batch[0]!.isLoggedTwice ? [otlpLine(batch), otlpLine(batch)] : [otlpLine(batch)]))
    .map((line) => `${line}\n`)
    .join("");
}

function batches(requests: readonly SyntheticRequest[]): SyntheticRequest[][] {
  const out: SyntheticRequest[][] = [];
  for (let start = 0; start < requests.length; start += spansPerExport)
    out.push(requests.slice(start, start + spansPerExport));
  return out;
}

const spansPerExport = 8;
