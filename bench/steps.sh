#!/usr/bin/env bash
# Measures what a sparse minibatch step costs among more and more features. --short: few rounds. --save: also writes the table to bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."

short=() save=false
for argument in "$@"; do
  case $argument in
    --short) short=(--short) ;;
    --save) save=true ;;
    *) printf 'usage: bench/steps.sh [--short] [--save]\n' >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet run -c Release --project bench -- steps "${short[@]}" | tee "$work/table.md"

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Sparse minibatch steps\n\nDistTrain %s, %s cores. Milliseconds of processor time per step of 1,024 rows of 30 nonzeros, K = 3, by number of features; ' \
      "$(git describe --always)" "$(nproc)"
    printf 'low features are far more frequent, as in sample:sparse, so that more of them are touched where there are more. Batches, kernels, sums and optimiser included, on one thread. '
    printf '`bench/steps.sh` repeats it.\n\n'
    cat "$work/table.md"; } > "bench/results/$(date -u +%Y-%m-%d)-$cpu-steps.md"
fi
