#!/usr/bin/env bash
# Runs what deploy/Dockerfile runs, step by step, on this machine: its RUN lines on a clean copy of the committed files, then its
# ENTRYPOINT with its CMD. So the file is checked where there is no container engine.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/source" "$work/data"
git archive HEAD | tar -x -C "$work/source"

on_host() { sed -e "s# /app# $work/app#g" -e "s# /tmp/run# $work/run#g"; }
json_array() { sed -n "s/^$1 \[\(.*\)\]$/\1/p" deploy/Dockerfile | tr -d '",' | sed 's/^/ /' | on_host; }

sed -n 's/^RUN //p' deploy/Dockerfile | on_host | while IFS= read -r command; do
  printf 'RUN %s\n' "$command"
  (cd "$work/source" && bash -euo pipefail -c "$command" </dev/null)
done

program=$(json_array ENTRYPOINT)
arguments=$(json_array CMD)
printf 'ENTRYPOINT%s CMD%s\n' "$program" "$arguments"
(cd "$work/data" && $program $arguments)
test -s "$work/run/model/parameters.safetensors"
