#!/usr/bin/env bash
# kill-resume.sh [--long] [--seed N] [--cli DLL]
#
# Kills training with SIGKILL at random moments, resumes it, and compares the parameters with those of the undisturbed run, to the bit.
# A third of the runs are killed a second time after they were resumed. Short mode: two variants, four moments, for every build, of which at
# least 2 must hit between the first step and the end, as the run's own events tell. Long mode: all optimisers, 50 moments, at least 40. Every
# tenth moment is drawn from the whole run, preparations included; the others from the time between its first step and its end.
# Ends with 1 if any hash differs, if a run does not end, or if too few kills hit in mid-run. Needs a built src/Cli, bash and coreutils.
set -uo pipefail
cd "$(dirname "$0")/../.."

mode=short seed=1 cli=$PWD/src/Cli/bin/Release/net10.0/disttrain.dll
while [ $# -gt 0 ]; do
  case $1 in
    --long) mode=long ;;
    --seed) seed=$2; shift ;;
    --cli) cli=$2; shift ;;
    *) echo "unknown argument $1" >&2; exit 2 ;;
  esac
  shift
done
[ -f "$cli" ] || { echo "no $cli: dotnet build -c Release src/Cli" >&2; exit 2; }

RANDOM=$seed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 CI=true

# A variant is a name and the options that make it. Limits are such that a run takes some seconds; checkpoints come so often that kills
# hit their writing too.
full="--tolerance 0 --checkpoint-every 7steps"
mini="--epochs 1000000 --batch-size 1000 --checkpoint-every 50steps"
if [ "$mode" = short ]; then
  data=sample:preferences,rows=100000 full="$full --max-steps 150" mini="$mini --max-steps 3000" moments=4 wanted=2
else
  data=sample:preferences,rows=100000 full="$full --max-steps 150" mini="$mini --max-steps 5000" moments=50 wanted=40
fi

# The program itself says which optimisers it has.
optimizers=$(dotnet "$cli" train sample:dense --optimizer none 2>&1 | sed -nE 's/^ *expected: //p' | tr -d ,)
[ -n "$optimizers" ] || { echo "no optimisers?" >&2; exit 1; }
variants=()
for optimizer in $optimizers; do
  case $optimizer in
    lbfgs | gd) variants+=("$optimizer|--optimizer $optimizer $full") ;;
    *) variants+=("$optimizer|--optimizer $optimizer $mini") ;;
  esac
done
if [ "$mode" = short ]; then
  variants=("lbfgs|--optimizer lbfgs $full" "adam|--optimizer adam $mini")
elif dotnet "$cli" train --help | grep -qE -- '--l1( |$)'; then
  variants+=("owl-qn|--optimizer lbfgs --l1 1e-4 $full")
fi

fail() { echo "FAILED: $*" >&2; exit 1; }
field() { sed -nE "s/.*\"$2\": ?\"?([^\",]*)\"?.*/\1/p" "$1" | head -1; } # of a JSON file, by name

# start LOG ARGUMENTS…: sets pid. The process itself is killed later, so there must be no shell between.
start() { local log=$1; shift; dotnet "$cli" train "$@" > "$log.out" 2> "$log.err" & pid=$!; }

# Lines of the events since the newest start.
session() { awk '/"event":"(started|resumed)"/ { text = "" } { text = text $0 "\n" } END { printf "%s", text }' "$1/events.jsonl" 2> /dev/null; }

# Starts that the events hold.
starts() { cat "$1/events.jsonl" 2> /dev/null | grep -cE '"event":"(started|resumed)"'; }

# Whether the newest start has taken a step.
steps() { session "$1" | grep -qE '"event":"step",.*"step":[1-9]'; }

# kill_at FOLDER SECONDS COUNT [steps]: waits until the events hold COUNT starts, and a step if that is asked for, then SECONDS more, and
# kills. Sets outcome and step.
kill_at() {
  local folder=$1 seconds=$2 count=$3
  while kill -0 "$pid" 2> /dev/null && [ "$(starts "$folder")" -lt "$count" ]; do sleep 0.01; done
  if [ "${4:-}" = steps ]; then while kill -0 "$pid" 2> /dev/null && ! steps "$folder"; do sleep 0.01; done; fi
  sleep "$seconds"
  kill -KILL "$pid" 2> /dev/null
  wait "$pid" 2> /dev/null
  local code=$? events
  events=$(session "$folder")
  step=$(sed -nE 's/.*"event":"step",.*"step":([0-9]+).*/\1/p' <<< "$events" | tail -1)
  if [ "$code" -ne 137 ]; then outcome=ended
  elif grep -q '"event":"finished"' <<< "$events"; then outcome=closing
  elif [ "${step:-0}" -ge 1 ]; then outcome=mid-run
  else outcome=early
  fi
  step=${step:--}
}

# between LEAST MOST: a random number of seconds.
between() { awk -v r=$RANDOM -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a + (b - a) * r / 32768 }'; }

declare -A hash seconds first
printf '%-10s %9s %7s  %s\n' variant seconds steps parametersSha256
for variant in "${variants[@]}"; do
  IFS='|' read -r name options <<< "$variant"
  start "$work/$name" $data $options --out "$work/$name" --json
  wait "$pid" || { cat "$work/$name.err" >&2; fail "$name does not train"; }
  hash[$name]=$(field "$work/$name/result.json" parametersSha256)
  seconds[$name]=$(field "$work/$name/result.json" seconds)
  first[$name]=$(grep -E '"event":"step",.*"step":1,' "$work/$name/events.jsonl" | sed -nE 's/.*"seconds":([0-9.]+).*/\1/p')
  printf '%-10s %9.2f %7d  %s\n' "$name" "${seconds[$name]}" "$(field "$work/$name/result.json" steps)" "${hash[$name]}"
done

echo
printf '%3s %-10s %8s %-8s %6s %8s %5s  %s\n' n variant moment hit step resumed kills hash
midrun=0 done=0 second=0
while [ "$done" -lt "$moments" ]; do
  IFS='|' read -r name options <<< "${variants[$((done % ${#variants[@]}))]}"
  folder=$work/run-$done kills=1
  start "$folder" $data $options --out "$folder" --json
  if [ $((done % 10)) = 3 ]; then
    moment=$(between 0 "${seconds[$name]}")
    kill_at "$folder" "$moment" 1
  else
    moment=$(between 0 "$(awk -v t="${seconds[$name]}" -v f="${first[$name]}" 'BEGIN { print t - f }')")
    kill_at "$folder" "$moment" 1 steps
  fi
  [ "$outcome" = mid-run ] && midrun=$((midrun + 1))
  hit=$outcome at=$step
  if [ "$hit" != ended ] && [ $((RANDOM % 3)) = 0 ]; then
    start "$folder.second" --resume "$folder" --json
    kill_at "$folder" "$(between 0 "$(awk -v t="${seconds[$name]}" 'BEGIN { print t / 2 }')")" 2
    kills=2 second=$((second + 1))
  fi
  start "$folder.last" --resume "$folder" --json
  wait "$pid" || { cat "$folder.last.err" >&2; fail "$name, killed after $moment s, does not resume"; }
  got=$(field "$folder/result.json" parametersSha256)
  verdict=equal; [ "$got" = "${hash[$name]}" ] || verdict="DIFFERENT: $got"
  done=$((done + 1))
  printf '%3d %-10s %8s %-8s %6s %8s %5d  %s\n' \
    "$done" "$name" "$moment" "$hit" "$at" "$(field "$folder/result.json" resumedFromStep | grep . || echo -)" "$kills" "$verdict"
  [ "$verdict" = equal ] || fail "$name, killed after $moment s, ends with other parameters"
  rm -rf "$folder"
done

echo
echo "$done runs killed, $second of them twice; $midrun in mid-run; all hashes equal to the undisturbed run's (seed $seed)"
if [ "$midrun" -lt "$wanted" ]; then fail "only $midrun kills hit in mid-run"; fi
exit 0
