#!/usr/bin/env bash
# Trains on generated data larger than the memory it is given, compares each pass with reading the same files, and the bits with those
# of a run that may have all memory.
# --size N: bytes, with K, M, G (default 20G, at most half the free disk)   --limit SIZE: --memory-limit (default 2GiB)
# --short: 700M within 520MiB   --dir DIR: where the data goes (default: a new folder under TMPDIR)   --save: writes to bench/results/
set -euo pipefail
cd "$(dirname "$0")/.."

size=20G limit=2GiB steps=4 save=false dir=
while [ $# -gt 0 ]; do
  case $1 in
    --size) size=$2; shift ;;
    --limit) limit=$2; shift ;;
    --dir) dir=$2; shift ;;
    --short) size=700M limit=520MiB steps=2 ;;
    --save) save=true ;;
    *) sed -n '2,5p' "$0" >&2; exit 2 ;;
  esac
  shift
done

work=$(mktemp -d ${dir:+-p "$dir"})
group=
trap 'rm -rf "$work"; [ -z "$group" ] || rmdir "$group" 2>/dev/null || true' EXIT

free=$(df -B1 --output=avail "$work" | tail -1)
bytes=$(numfmt --from=iec "${size%iB}")
[ "$bytes" -le $((free / 2)) ] || bytes=$((free / 2))
features=128
rows=$((bytes / (features * 4 + 8)))
limit_bytes=$(numfmt --from=iec-i "${limit%B}")

# A memory limit that is real: a group of its own, where one may be made.
if mkdir "/sys/fs/cgroup/memory/outofcore-$$" 2>/dev/null; then
  group=/sys/fs/cgroup/memory/outofcore-$$
  echo "$limit_bytes" > "$group/memory.limit_in_bytes"
elif [ -f /sys/fs/cgroup/cgroup.controllers ] && mkdir "/sys/fs/cgroup/outofcore-$$" 2>/dev/null; then
  group=/sys/fs/cgroup/outofcore-$$
  echo "$limit_bytes" > "$group/memory.max" 2>/dev/null || { rmdir "$group"; group=; }
fi
if [ -n "$group" ]; then bound="a control group of $limit, page cache included"
else bound="pages let go behind the pass (no control group can be made here)"; fi

[ -n "${DISTTRAIN:-}" ] || { dotnet build src/Cli -c Release -v q -clp:ErrorsOnly >&2; DISTTRAIN=$PWD/src/Cli/bin/Release/net10.0/disttrain; }

# run PEAK COMMAND…: runs it under the limit, and writes the most anonymous memory it had, in KiB, into the file PEAK.
run() {
  local peak=0 now pid file=$1; shift
  if [ -n "$group" ]; then sh -c 'echo $$ > "$1/cgroup.procs"; shift; exec "$@"' sh "$group" "$@" >&2 &
  else "$@" >&2 & fi
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    now=$(awk '/RssAnon/ { print $2 }' "/proc/$pid/status" 2>/dev/null || true)
    [ "${now:-0}" -le "$peak" ] || peak=$now
    sleep 0.1
  done
  wait "$pid"
  echo "$peak" > "$file"
}

forget() { sync "$work/data"/*; for file in "$work/data"/*; do dd if="$file" iflag=nocache count=0 status=none; done; }

# Seconds of reading all training files from the disk once, with nothing in the page cache, by so many readers.
read_by() {
  forget
  local start; start=$(date +%s.%N)
  printf '%s\0' "$work/data"/training-*.arrow | xargs -0 -P "$1" -n 4 cat > /dev/null
  echo "$(date +%s.%N) $start" | awk '{ printf "%.3f", $1 - $2 }'
}

started=$(date +%s)
run "$work/prepare.peak" "$DISTTRAIN" prepare "sample:dense,rows=$rows,features=$features,classes=3" --out "$work/data" --memory-limit "$limit"
prepared=$(($(date +%s) - started))
total=$(du -cb "$work/data"/training-*.arrow | tail -1 | cut -f1)

alone=$(read_by 1) pair=$(read_by 2)
forget
run "$work/train.peak" "$DISTTRAIN" train "$work/data" --memory-limit "$limit" --max-steps "$steps" --out "$work/run" --quiet
alone_after=$(read_by 1) pair_after=$(read_by 2)
"$DISTTRAIN" train "$work/data" --max-steps "$steps" --workers 3 --out "$work/whole" --quiet >&2
hash_of() { grep -o '"parametersSha256": *"[0-9a-f]*"' "$1/result.json" | tail -c 66 | tr -d '"'; }
bits=$(hash_of "$work/run") expected=$(hash_of "$work/whole")

report() {
  printf '# Data larger than memory\n\n'
  printf 'DistTrain %s, %s cores, load %s at the end. ' "$(git describe --always)" "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
  printf '%s rows × %s features, %s of training files, `--memory-limit %s`; memory bounded by %s.\n`bench/outofcore.sh` repeats it.\n\n' \
    "$rows" "$features" "$(numfmt --to=iec-i --suffix=B "$total")" "$limit" "$bound"
  printf '| what | s | GB/s |\n|---|---:|---:|\n'
  for line in "reading the files, 1 reader, before:$alone" "reading the files, 2 readers, before:$pair" \
    "reading the files, 1 reader, after:$alone_after" "reading the files, 2 readers, after:$pair_after"; do
    awk -v what="${line%:*}" -v s="${line##*:}" -v b="$total" 'BEGIN { printf "| %s | %.2f | %.2f |\n", what, s, b / s / 1e9 }'
  done
  # The first pass checks every file's SHA-256 besides; a step's seconds are counted from the start of training.
  grep -h '"event":"step"' "$work/run/events.jsonl" | sed 's/.*"evaluations":\([0-9]*\).*"seconds":\([0-9.]*\).*/\1 \2/' |
    awk -v b="$total" -v reads="$alone $pair $alone_after $pair_after" '
      BEGIN { n = split(reads, r); best = r[1]; for (i = 2; i <= n; i++) if (r[i] < best) best = r[i] }
      NR == 1 { printf "| first pass, files checked | %.2f | %.2f |\n", $2, b / $2 / 1e9 }
      NR > 1 { n = $1 - e; s = ($2 - t) / n; printf "| pass %d | %.2f | %.2f |\n", $1, s, b / s / 1e9; sum += $2 - t; count += n }
      { e = $1; t = $2 }
      END { printf "| **mean of the later passes against the fastest reading** | | **%.2f ×** |\n", best / (sum / count) }'
  grep -h '"event":"evaluation".*"kind":"\(closing\|entropy\)"' "$work/run/events.jsonl" |
    sed 's/.*"kind":"\([a-z]*\)".*"seconds":\([0-9.]*\).*/\1 \2/' | awk -v b="$total" '{ printf "| %s pass, in doubles | %.2f | %.2f |\n", $1, $2, b / $2 / 1e9 }'
  printf '\nParameters `%s`; %s with all memory and 3 workers.\n' "${bits:0:16}…" "$([ "$bits" = "$expected" ] && echo 'the same' || echo "**others** (${expected:0:16}…)")"
  printf 'Most anonymous memory (RssAnon): %s MiB while it was prepared, in %s s; %s MiB while it trained.\n' \
    "$(($(cat "$work/prepare.peak") / 1024))" "$prepared" "$(($(cat "$work/train.peak") / 1024))"
}

report | tee "$work/table.md"
if [ -z "$bits" ] || [ "$bits" != "$expected" ]; then
  echo "the bits differ: $bits, $expected" >&2
  exit 1
fi
if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  cp "$work/table.md" "bench/results/$(date -u +%Y-%m-%d)-$cpu-outofcore.md"
fi
