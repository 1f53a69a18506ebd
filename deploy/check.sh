#!/usr/bin/env bash
# Runs what the files of deploy/ run, step by step, on this machine, so that they are checked where there is no container engine: the RUN
# lines of the Dockerfile on a clean copy of the committed files, its ENTRYPOINT with its CMD, and the programs of compose.yaml and of the
# systemd units with the settings of their .env files, ports and addresses apart.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT
mkdir "$work/source" "$work/here"
git archive HEAD | tar -x -C "$work/source"

on_host() { sed -e "s# /app# $work/app#g" -e "s# /tmp/run# $work/run#g" -e "s# /data# $work/data#g"; }
json_array() { sed -n "s/^$1 \[\(.*\)\]$/\1/p" deploy/Dockerfile | tr -d '",' | sed 's/^/ /' | on_host; }

sed -n 's/^RUN //p' deploy/Dockerfile | on_host | while IFS= read -r command; do
  printf 'RUN %s\n' "$command"
  (cd "$work/source" && bash -euo pipefail -c "$command" </dev/null)
done

program=$(json_array ENTRYPOINT)
arguments=$(json_array CMD)
printf 'ENTRYPOINT%s CMD%s\n' "$program" "$arguments"
(cd "$work/here" && $program $arguments)
test -s "$work/run/model/parameters.safetensors"

# node NAME PROGRAM SETTING=VALUE…: starts a program of the composition in a folder of its own, and sets pid.
node() {
  local folder=$work/$1 program=$2 settings
  shift 2
  grep -q "/app/DistTrain\.$program\.dll" deploy/compose.yaml
  grep -q "/DistTrain\.$program\.dll" "deploy/systemd/disttrain-${program,,}.service"
  settings=$(grep '^DISTTRAIN__' "deploy/${program,,}.env")
  mkdir "$folder"
  (cd "$folder" && exec env $settings DISTTRAIN__Node__Host=127.0.0.1 DISTTRAIN__Node__Bind=127.0.0.1 "$@" \
    timeout 120 dotnet "$work/app/DistTrain.$program.dll") > "$folder.log" 2>&1 &
  pid=$!
}

# A port that nobody listens at now.
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do :; done
  echo "$port"
}

printf 'compose.yaml: a coordinator and two workers, with the settings of coordinator.env and worker.env\n'
port=$(free_port) pids=()
node coordinator Coordinator DISTTRAIN__Node__Port="$port" DISTTRAIN__Node__HttpPort=0; pids+=("$pid")
for worker in worker-1 worker-2; do
  node "$worker" Worker DISTTRAIN__Node__Join="127.0.0.1:$port" DISTTRAIN__Node__HttpPort=0; pids+=("$pid")
done
for pid in "${pids[@]}"; do
  wait "$pid" || { code=$?; tail -20 "$work"/*.log; echo "a node ended with $code"; exit 1; }
done
cmp "$work/run/model/parameters.safetensors" "$work/coordinator/runs/preferences/model/parameters.safetensors"
printf 'the model of the cluster is that of the container, byte for byte\n'

if command -v systemd-analyze > /dev/null; then
  printf 'systemd-analyze verify\n'
  mkdir "$work/units"
  for unit in deploy/systemd/*.service; do
    sed "s#/usr/bin/dotnet#$(command -v dotnet)#" "$unit" > "$work/units/$(basename "$unit")"
  done
  systemd-analyze verify "$work"/units/*.service
fi
