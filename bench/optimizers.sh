#!/usr/bin/env bash
# Trains sample:preferences with every optimizer at its defaults and prints a table of what each reaches, beside the optimum.
# --save: also writes it to bench/results/.
set -euo pipefail
cd "$(dirname "$0")/.."

save=false
for argument in "$@"; do
  case $argument in
    --save) save=true ;;
    *) printf 'usage: bench/optimizers.sh [--save]\n' >&2; exit 2 ;;
  esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dotnet build -c Release src/Cli -v q -nologo >&2
disttrain=$PWD/src/Cli/bin/Release/net10.0/disttrain

# One number of a result object: its first field of that name, which comes before those of the metrics.
number() { sed -n "s/^ *\"$1\": \([-+0-9.eE]*\).*/\1/p" "$2" | head -1; }
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
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  { printf '# Optimizers on sample:preferences\n\nDistTrain %s, %s cores. 200,000 rows, all options at their defaults; the optimum, %s, is what lbfgs reaches with `--tolerance 1e-8`.\n' \
      "$(git describe --always)" "$(nproc)" "$optimum"
    printf 'Seconds are from the first worker'"'"'s start to the result, on a shared machine. `bench/optimizers.sh` repeats it.\n\n'
    cat "$work/table.md"; } > "bench/results/$(date -u +%Y-%m-%d)-$cpu-optimizers.md"
fi
