#!/usr/bin/env bash
# Measures what lies between two evaluations of a wide full-batch run, beside the evaluation. --short: few rounds. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

dotnet run -c Release --project bench -- gaps "${short[@]}" | tee "$work/table.md"

if $save; then
  { printf '# Between two evaluations\n\n%s. 20,000 rows of 100 nonzeros among 50,000 features, K = 20: a million parameters, two threads, no actors; medians. ' "$(provenance)"
    printf 'Between: sums of two workers added up, objective, optimiser, next trial. Allocated, collections and paused are per evaluation. '
    printf '`%s` repeats it.\n\n' "$script"
    cat "$work/table.md"; } | save_table gaps
fi
