#!/usr/bin/env bash
# Install what the tests need, then run every check: build, lint, unused code, tests. Ends in "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v chromium >/dev/null 2>&1; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core >/dev/null
  else
    echo "chromium is not installed: the browser tests will be skipped (apt-get install chromium)" >&2
  fi
fi

npm ci --no-audit --no-fund
npm run --silent build
npm run --silent lint
npm run --silent unused
npx --no-install vitest run
