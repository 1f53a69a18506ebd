#!/usr/bin/env bash
# Measures what an evaluation of a run in one process costs over its kernel. --short: few rounds. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

dotnet run -c Release --project bench -- actors "${short[@]}" | tee "$work/table.md"

if $save; then
  { printf '# Overhead of an evaluation\n\n%s. `train` on sample:dense,rows=2000,features=8 with 1, 2 and 8 workers: actors, leases, event log and log file, ' "$(provenance)"
    printf 'without the arithmetic of an optimiser. `%s` repeats it.\n\n' "$script"
    cat "$work/table.md"; } | save_table actors
fi
