#!/usr/bin/env bash
# Measures gradients of many shapes, minibatch steps and parsing. --short: less data and few rounds, for CI. --save: also writes the tables
# to bench/results/ with machine and versions.
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
dotnet build bench -c Release -v q -clp:ErrorsOnly
bench=(dotnet bench/bin/Release/net10.0/DistTrain.Bench.dll)
"${bench[@]}" kernels "${short[@]}" | tee "$work/kernels.md"
"${bench[@]}" "${short[@]}" --artifacts "$work" | tee "$work/output.txt"

# A benchmark that fails leaves its row empty: that is an error here, not a footnote.
tables=$(find "$work/results" -name '*-github.md' | sort)
if [ -z "$tables" ] || cat $tables | grep -Eq '\| +NA +\|'; then
  printf 'a benchmark did not run\n' >&2
  exit 1
fi

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Gradient passes and parsing\n\nDistTrain %s, %s cores, two threads, exact sums always. Ratios are of medians in one run, in which ' \
      "$(git describe --always)" "$(nproc)"
    printf 'both works took turns; "best" is what the hardware might give. `bench/run.sh --save` repeats it.\n\n'
    cat "$work/kernels.md"
    for table in $tables; do printf '\n'; cat "$table"; done; } > "bench/results/$(date -u +%Y-%m-%d)-$cpu.md"
fi
