#!/usr/bin/env bash
# Measures what a sparse minibatch step costs among more and more features. --short: few rounds. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

dotnet run -c Release --project bench -- steps "${short[@]}" | tee "$work/table.md"

if $save; then
  { printf '# Sparse minibatch steps\n\n%s. Milliseconds of processor time per step of 1,024 rows of 30 nonzeros, K = 3, by number of features; ' "$(provenance)"
    printf 'low features are far more frequent, as in sample:sparse, so that more of them are touched where there are more. Batches, kernels, sums and optimiser included, on one thread. '
    printf '`%s` repeats it.\n\n' "$script"
    cat "$work/table.md"; } | save_table steps
fi
