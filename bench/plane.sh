#!/usr/bin/env bash
# Measures how fast numbers travel between nodes, against raw TCP. --short: few rounds. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

dotnet run -c Release --project bench -- plane "${short[@]}" | tee "$work/table.md"

if $save; then
  { printf '# Numbers between nodes\n\n%s, load %s at the end. `%s` repeats it.\n\n' "$(provenance)" "$(cut -d' ' -f1 /proc/loadavg)" "$script"
    cat "$work/table.md"; } | save_table plane
fi
