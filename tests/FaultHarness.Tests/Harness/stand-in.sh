#!/usr/bin/env bash
# Stands in for disttrain in tests of the harness: a coordinator that takes a step each 50 ms and goes on after a kill, workers that wait
# for its end. --planted NAME makes it do what a broken product might: "hash" ends with other parameters, "twice" counts a shard twice,
# "exit" ends with another exit code.
command=$1 steps=60 planted=none
shift
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --cache) cache=$2 ;;
    --steps) steps=$2 ;;
    --planted) planted=$2 ;;
  esac
  shift
done

event() { printf '{"time":"%s","event":"%s","term":%d%s}\n' "$(date -u +%FT%T.%3NZ)" "$1" "$term" "$2" >> "$out/events.jsonl"; }
result() { printf '{"parametersSha256":"%s","steps":%d,"seconds":1}\n' "$1" "$steps"; }

conduct() {
  mkdir -p "$out/terms"
  term=$(($(ls "$out/terms" | wc -l) + 1))
  echo "process $$ on stand-in" > "$out/terms/$term"
  local step=$(cat "$out/events.jsonl" 2> /dev/null | grep -c '"event":"step"') evaluation=0 shards=0-3
  if [ "$term" = 1 ]; then event started; else event resumed ",\"step\":$step"; fi
  event workerJoined ',"worker":"a"'
  [ "$planted" = twice ] && shards='0-3","b":"3'
  while [ "$step" -lt "$steps" ]; do
    sleep 0.05
    step=$((step + 1)) evaluation=$((evaluation + 1))
    event evaluation ",\"evaluation\":$evaluation,\"part\":\"training\",\"rows\":9,\"shardCount\":4,\"accepted\":{\"a\":\"$shards\"}"
    event step ",\"step\":$step"
  done
  event finished ",\"step\":$step"
  if [ "$planted" = hash ]; then result other; else result same; fi > "$out/result.json"
  [ "$planted" != exit ]
}

case $command in
  train) result same ;;
  coordinator) conduct ;;
  worker)
    mkdir -p "$cache"
    trap 'exit 143' TERM
    until [ -s "$cache/../run/result.json" ]; do sleep 0.1; done ;;
esac
