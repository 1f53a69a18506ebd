#!/usr/bin/env bash
# Trains each dataset with and without --warm-start online, to the default tolerance, and prints a table: evaluations (a pass counts as
# one), seconds, and how far above the lower of the two objectives each one ends.
# usage: bench/warmstart.sh [--save] [dataset and its options, in one argument]…
# Without datasets: the samples. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"

if [ "${1:-}" = --save ]; then save=true; shift; fi
[ $# -gt 0 ] || set -- sample:preferences sample:sparse

build_disttrain

row() {
  local start
  for start in none online; do
    # Options are words of the argument.
    # shellcheck disable=SC2086
    "$disttrain" train $1 --validation 0 --warm-start "$start" --json --quiet --out "$work/run" > "$work/$start.json" 2> /dev/null
    rm -rf "$work/run"
  done
  awk -v name="$(basename "${1%% *}")" \
    -v e0="$(number evaluations "$work/none.json")" -v s0="$(number seconds "$work/none.json")" -v f0="$(number objective "$work/none.json")" \
    -v e1="$(number evaluations "$work/online.json")" -v s1="$(number seconds "$work/online.json")" -v f1="$(number objective "$work/online.json")" \
    'BEGIN { best = f0 < f1 ? f0 : f1; printf "| %s | %d | %.2f | %.1e | %d | %.2f | %.1e |\n", name, e0, s0, f0 / best - 1, e1, s1, f1 / best - 1 }'
}

{
  printf '| data | none: evaluations | s | above | online: evaluations | s | above |\n|---|---|---|---|---|---|---|\n'
  for dataset in "$@"; do row "$dataset"; done
} | tee "$work/table.md"
if $save; then
  { printf '# Warm start of lbfgs\n\n%s, default options, to the default tolerance. Seconds are from the first worker'"'"'s start to the result,\non a shared machine. "above": the objective over the lower of the two. `%s` repeats it.\n\n' \
      "$(provenance)" "$script"
    cat "$work/table.md"; } | save_table warmstart
fi
