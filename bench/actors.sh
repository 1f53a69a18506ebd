#!/usr/bin/env bash
# Measures what an evaluation of a run in one process costs over its kernel. --short: few rounds. --save: also writes the table to bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."

short=() save=false
for argument in "$@"; do
  case $argument in
    --short) short=(--short) ;;
    --save) save=true ;;
    *) printf 'usage: bench/actors.sh [--short] [--save]\n' >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run -c Release --project bench -- actors "${short[@]}" | tee "$work/table.md"

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Overhead of an evaluation\n\nDistTrain %s, %s cores. `train` on sample:dense,rows=2000,features=8 with 1, 2 and 8 workers: actors, leases, event log and log file, ' \
      "$(git describe --always)" "$(nproc)"
    printf 'without the arithmetic of an optimiser. `bench/actors.sh` repeats it.\n\n'
    cat "$work/table.md"; } > "bench/results/$(date -u +%Y-%m-%d)-$cpu-actors.md"
fi
