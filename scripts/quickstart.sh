#!/usr/bin/env bash
# Install, build, and run the whole journey on Signalbox's own synthetic samples.
# Usage: scripts/quickstart.sh [WORKSPACE]     (default demo-workspace, made anew)
set -euo pipefail
cd "$(dirname "$0")/.."
workspace="${1:-demo-workspace}"

npm ci --no-audit --no-fund
npm run --silent build
node dist/scripts/cli.js demo --workspace "$workspace" --overwrite
