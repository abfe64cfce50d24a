#!/usr/bin/env bash
# Real logs and real routing outcomes, end to end: ingest four kinds of logs, train a router on the train rows of one price
# ladder, and print what it does on the dev rows, which training never saw.
# Usage: examples/real-traffic.sh [DATA_DIR] [WORKSPACE]
#   DATA_DIR   holds logs/ and routing/ (default ../shared/data)
#   WORKSPACE  where to work (default a temporary directory, removed at the end)
set -euo pipefail
cd "$(dirname "$0")/.."
data="${1:-${SIGNALBOX_DATA:-../shared/data}}"
if [ ! -d "$data/logs" ] || [ ! -d "$data/routing/mixed" ]; then
  echo "real-traffic: no logs/ and routing/mixed/ in $data; name the data directory: examples/real-traffic.sh DATA_DIR" >&2
  exit 1
fi
if [ $# -ge 2 ]; then
  work="$2"
  mkdir -p "$work"
else
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
fi
[ -f dist/scripts/cli.js ] || { npm ci --no-audit --no-fund && npm run --silent build; }
signalbox() { node dist/scripts/cli.js "$@"; }

echo "== Real logs: read = accepted + quarantined + duplicates + skipped"
signalbox ingest "$data"/logs/{raw-api-pairs,bedrock-invocation,otlp-json,litellm} --workspace "$work/logs"
signalbox audit --workspace "$work/logs"

echo
echo "== Real outcomes: train on the train rows"
node examples/mixed-to-outcomes.mjs "$data/routing/mixed/openai-2tier.jsonl" train > "$work/train.jsonl"
node examples/mixed-to-outcomes.mjs "$data/routing/mixed/openai-2tier.jsonl" dev > "$work/dev.jsonl"
signalbox outcomes import "$work/train.jsonl" --workspace "$work/router"
signalbox train --workspace "$work/router" --retention 0.98 --seed 1
signalbox export --workspace "$work/router" --out "$work/artifact"

echo
echo "== Dev rows: scored by the exported artifact, compared with what happened"
signalbox score --artifact "$work/artifact" --input "$work/dev.jsonl" --output "$work/scores.jsonl"
signalbox evaluate --scores "$work/scores.jsonl" --outcomes "$work/dev.jsonl" --retention 0.98
