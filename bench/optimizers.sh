#!/usr/bin/env bash
# Trains sample:preferences with every optimizer at its defaults and prints a table of what each reaches, beside the optimum.
# --save: also writes it to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--save" "$@"

build_disttrain

train() { "$disttrain" train sample:preferences --json --quiet --out "$work/$1" "${@:2}" > "$work/$1.json" 2> /dev/null; }

train optimum --tolerance 1e-8
optimum=$(number objective "$work/optimum.json")
# The refusal of a name that is none lists those that are.
optimizers=$({ "$disttrain" train none.csv --optimizer none 2>&1 || true; } | sed -n 's/^ *expected: //p' | head -1 | tr -d ',')
[ -n "$optimizers" ]

table() {
  printf '| optimizer | learning rate | schedule | epochs | steps | seconds | objective | above the optimum |\n'
  printf '|---|---|---|---|---|---|---|---|\n'
  for optimizer in $optimizers; do
    train "$optimizer" --optimizer "$optimizer"
    result=$work/$optimizer.json options=$work/$optimizer/options.json
    rate=$(sed -n '/"learning-rate":/,/}/s/.*"value": \([^,]*\).*/\1/p' "$options" | sed 's/null/–/')
    schedule=$(sed -n '/"learning-rate-schedule":/,/}/s/.*"value": "\{0,1\}\([^,"]*\).*/\1/p' "$options" | sed 's/null/–/')
    awk -v name="$optimizer" -v rate="$rate" -v schedule="$schedule" -v optimum="$optimum" \
      -v epochs="$(number epochs "$result")" -v steps="$(number steps "$result")" -v seconds="$(number seconds "$result")" \
      -v objective="$(number objective "$result")" \
      'BEGIN { printf "| %s | %s | %s | %g | %d | %.1f | %.7f | %.4f %% |\n", name, rate, schedule, epochs, steps, seconds, objective, 100 * (objective / optimum - 1) }'
  done
}

table | tee "$work/table.md"
if $save; then
  { printf '# Optimizers on sample:preferences\n\n%s. 200,000 rows, all options at their defaults; the optimum, %s, is what lbfgs reaches with `--tolerance 1e-8`.\n' \
      "$(provenance)" "$optimum"
    printf 'Seconds are from the first worker'"'"'s start to the result, on a shared machine. `%s` repeats it.\n\n' "$script"
    cat "$work/table.md"; } | save_table optimizers
fi
