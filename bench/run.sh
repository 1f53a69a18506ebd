#!/usr/bin/env bash
# Runs the benchmarks. --short: few iterations, for CI. --save: also writes the table to bench/results/ with machine and versions.
set -euo pipefail
cd "$(dirname "$0")/.."

short=() save=false
for argument in "$@"; do
  case $argument in
    --short) short=(--short) ;;
    --save) save=true ;;
    *) printf 'usage: bench/run.sh [--short] [--save]\n' >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run -c Release --project bench -- "${short[@]}" --artifacts "$work" | tee "$work/output.txt"

# A benchmark that fails leaves its row empty: that is an error here, not a footnote.
table=$(find "$work/results" -name '*-github.md' | head -n 1)
if [ -z "$table" ] || grep -Eq '\| +NA +\|' "$table"; then
  printf 'a benchmark did not run\n' >&2
  exit 1
fi

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Gradient passes and parsing\n\nDistTrain %s, %s cores.\n\n' "$(git describe --always)" "$(nproc)"; cat "$table"; } \
    > "bench/results/$(date -u +%Y-%m-%d)-$cpu.md"
fi
