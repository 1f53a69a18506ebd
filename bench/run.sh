#!/usr/bin/env bash
# Measures gradients of many shapes, minibatch steps and parsing. --short: less data and few rounds, for CI. --save: also writes the tables
# to bench/results/ with machine and versions.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

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
  { printf '# Gradient passes and parsing\n\n%s, two threads, exact sums always. Ratios are of medians in one run, in which ' "$(provenance)"
    printf 'both works took turns; "best" is what the hardware might give. `%s --save` repeats it.\n\n' "$script"
    cat "$work/kernels.md"
    for table in $tables; do printf '\n'; cat "$table"; done; } | save_table
fi
