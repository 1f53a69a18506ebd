#!/usr/bin/env bash
# Measures how fast numbers travel between nodes, against raw TCP. --short: few rounds. --save: also writes the table to bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."

short=() save=false
for argument in "$@"; do
  case $argument in
    --short) short=(--short) ;;
    --save) save=true ;;
    *) printf 'usage: bench/plane.sh [--short] [--save]\n' >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run -c Release --project bench -- plane "${short[@]}" | tee "$work/table.md"

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Numbers between nodes\n\nDistTrain %s, %s cores, load %s at the end. ' "$(git describe --always)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
    printf '`bench/plane.sh` repeats it.\n\n'
    cat "$work/table.md"; } > "bench/results/$(date -u +%Y-%m-%d)-$cpu-plane.md"
fi
