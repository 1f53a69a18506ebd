#!/usr/bin/env bash
# Time per evaluation: a cluster of two worker processes with one thread each, against `train` with two workers in one process, on the same cores.
# --short: few steps and rows. --save: also writes the table to bench/results/.
. "$(dirname "$0")/common.sh"
read_flags "--short --save" "$@"

trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT
build_disttrain
steps=40 part=1
if [ ${#short[@]} -gt 0 ]; then steps=8 part=10; fi
options=(--max-steps "$steps" --tolerance 0 --validation 0 --seed 1 --json)

# Waits until a file has a line that matches, and prints the match.
await() {
  for _ in $(seq 600); do
    if grep -om1 -E "$2" "$1" 2> /dev/null; then return; fi
    sleep 0.1
  done
  printf 'no "%s" in %s:\n' "$2" "$1" >&2; cat "$1" >&2; exit 1
}

in_process() { "$disttrain" train "$2" --workers 2 "${options[@]}" --out "$work/$1-process" > "$work/$1-process.json" 2> "$work/$1-process.log"; }

in_cluster() {
  local name=$1 join workers=()
  "$disttrain" coordinator "$2" --min-workers 2 --port 0 --http-port 0 "${options[@]}" --out "$work/$name-cluster" \
    > "$work/$name-cluster.json" 2> "$work/$name-cluster.log" &
  local coordinator=$!
  join=$(await "$work/$name-cluster.log" '\-\-join [^ ]+')
  for i in 1 2; do
    "$disttrain" worker ${join} --threads 1 --cache "$work/cache-$i" > "$work/$name-worker-$i.log" 2>&1 &
    workers+=($!)
  done
  wait "$coordinator"
  wait "${workers[@]}"
}

# Milliseconds: the median evaluation from first lease to last answer, and from one evaluation to the next with all between, after the first three steps.
times() {
  awk '
    /"event":"evaluation"/ && /"kind":"gradient"/ { match($0, /"seconds":[0-9.eE-]+/); all[++n] = substr($0, RSTART + 10, RLENGTH - 10) * 1e3 }
    /"event":"step"/ {
      match($0, /"seconds":[0-9.eE-]+/); seconds = substr($0, RSTART + 10, RLENGTH - 10)
      match($0, /"evaluations":[0-9]+/); evaluations = substr($0, RSTART + 14, RLENGTH - 14)
      if (++steps == 4) { firstSeconds = seconds; first = evaluations }
    }
    END {
      for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (all[j] < all[i]) { t = all[i]; all[i] = all[j]; all[j] = t }
      printf "%.2f %.2f", all[int((n + 1) / 2)], (seconds - firstSeconds) * 1e3 / (evaluations - first)
    }' "$1/events.jsonl"
}

row() {
  local name=$1 input=$2
  in_process "$name" "$input"
  in_cluster "$name" "$input"
  local expected found
  expected=$(number parametersSha256 "$work/$name-process.json") found=$(number parametersSha256 "$work/$name-cluster.json")
  [ -n "$expected" ] && [ "$expected" = "$found" ] || { printf '%s: the parameters differ: %s, %s\n' "$name" "$expected" "$found" >&2; exit 1; }
  local features classes
  features=$(number features "$work/$name-process.json")
  classes=$(awk '/"classes"/ { n = 0; on = 1; next } on && /\]/ { print n; exit } on { n++ }' "$work/$name-process.json")
  printf '%s %s %s %s\n' "$(number examples "$work/$name-process.json")" "$((features * classes))" "$(times "$work/$name-process")" "$(times "$work/$name-cluster")" |
    awk -v input="$input" '{ printf "| `%s` | %d | %d | %.1f | %.1f | %.2f | %.1f | %.1f | %.2f |\n", input, $1, $2, $3, $5, $5 / $3, $4, $6, $6 / $4 }'
}

table() {
  printf '| input | rows | K × D | evaluation in one process, ms | in a cluster, ms | ratio | evaluation to evaluation in one process, ms | in a cluster, ms | ratio |\n'
  printf '|---|---|---|---|---|---|---|---|---|\n'
  row small "sample:dense,rows=$((1000000 / part)),features=100,classes=10"
  row middle "sample:sparse,rows=$((500000 / part)),features=33333,classes=3"
  row large "sample:sparse,rows=$((500000 / part)),features=1200000,classes=3"
}

table | tee "$work/table.md"
if $save; then
  { printf '# A cluster of two workers against one process\n\n%s, load %s at the end. lbfgs, %s steps; medians of the evaluations alone, and the time from one to the next, ' \
      "$(provenance)" "$(cut -d' ' -f1 /proc/loadavg)" "$steps"
    printf 'with the optimizer, the sending of parameters and all else. The parameters at the end are the same, bit for bit. `%s` repeats it.\n\n' "$script"
    cat "$work/table.md"; } | save_table cluster
fi
