#!/usr/bin/env bash
# Start a Redis server of its own on a socket, send the example's traffic through it, and stop it.
# Usage: examples/cache-redis/run.sh ARTIFACT
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v redis-server >/dev/null || { echo "cache-redis: no redis-server here (apt-get install redis-server)" >&2; exit 1; }
work="$(mktemp -d)"
redis-server --port 0 --unixsocket "$work/redis.sock" --save "" --appendonly no --dir "$work" >"$work/log" &
server=$!
trap 'kill "$server"; wait "$server" || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -S "$work/redis.sock" ] && break; sleep 0.1; done
node examples/cache-redis/cache-redis.mjs "${1:?name an artifact}" "$work/redis.sock"
