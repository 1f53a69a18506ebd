# Sourced by the scripts beside it: their flags, the program they measure, fields of its results, and where tables are saved.
# It enters the project's folder, and makes a folder $work that is gone when the script ends.
# shellcheck shell=bash
set -euo pipefail
script=bench/$(basename "$0")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# read_flags "--short --save" "$@": sets short to (--short) or (), and save to true or false; anything else is refused.
short=() save=false
read_flags() {
  local known=$1 argument; shift
  for argument in "$@"; do
    case " $known " in
      *" $argument "*) ;;
      *) printf 'usage: %s%s\n' "$script" "$(printf ' [%s]' $known)" >&2; exit 2 ;;
    esac
    case $argument in
      --short) short=(--short) ;;
      --save) save=true ;;
    esac
  done
}

# Builds the program, unless $DISTTRAIN names one, and sets disttrain to its path.
build_disttrain() {
  [ -n "${DISTTRAIN:-}" ] || dotnet build -c Release src/Cli -v q -nologo >&2
  disttrain=${DISTTRAIN:-$PWD/src/Cli/bin/Release/net10.0/disttrain}
}

# number FIELD FILE: the first field of that name in a result object; it comes before those of the metrics.
number() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\).*/\1/p" "$2" | head -1; }

# "DistTrain VERSION, N cores", how every saved table begins to say where it comes from.
provenance() { printf 'DistTrain %s, %s cores' "$(git describe --always)" "$(nproc)"; }

# save_table [SUFFIX]: keeps what it is given under bench/results/, by day and processor.
save_table() {
  local cpu
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  cat > "bench/results/$(date -u +%Y-%m-%d)-$cpu${1:+-$1}.md"
}
