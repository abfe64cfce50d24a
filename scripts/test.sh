#!/usr/bin/env bash
# Install what the tests need, then run every check: build, lint, unused code, tests. Ends in "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/.."

# Install Debian packages where a program is missing and we may; else say which tests will be skipped.
need() {
  local program="$1" tests="$2"
  shift 2
  command -v "$program" >/dev/null 2>&1 && return
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
  else
    echo "$program is not installed: the $tests tests will be skipped (apt-get install $1)" >&2
  fi
}
install_programs() {
  need chromium browser chromium fonts-dejavu-core
  need redis-server Redis redis-server
}

# Other majors of Node, for the tests of the packed runtime.
fetch_node() {
  local major="$1" version="$2" folder="node_modules/.cache/node-$1"
  local package
  package="node-$(node -p 'process.platform + "-" + process.arch')@$version"
  npm install --silent --no-save --no-package-lock --ignore-scripts --prefix "$folder" "$package" >/dev/null ||
    echo "$package can't be installed: the tests on Node $major will be skipped" >&2
}

# Run commands side by side, each a word or more in one argument. What one says is shown when it has ended, in the order given here, below
# its name and time; when one fails, so does this, after all have ended.
together() {
  local logs failed=0 i=0 command
  local -a running=()
  logs="$(mktemp -d)"
  for command in "$@"; do
    (
      SECONDS=0
      code=0
      bash -euo pipefail -c "$command" >"$logs/$i" 2>&1 </dev/null || code=$?
      echo "$SECONDS" >"$logs/$i.seconds"
      exit "$code"
    ) &
    running+=("$!")
    i=$((i + 1))
  done
  for i in "${!running[@]}"; do
    local verdict=ok
    wait "${running[$i]}" || { verdict=FAILED && failed=1; }
    echo "== ${*:$((i + 1)):1}: $verdict, $(cat "$logs/$i.seconds") s"
    cat "$logs/$i"
  done
  rm -r "$logs"
  return "$failed"
}
export -f need install_programs fetch_node

together install_programs "npm ci --no-audit --no-fund"
together "npm run --silent build" "npm run --silent lint" "npm run --silent unused" "fetch_node 22 22.23.5" "fetch_node 24 24.22.3"
npx --no-install vitest run
