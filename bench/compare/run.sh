#!/usr/bin/env bash
# Compares DistTrain with scikit-learn, PyTorch, ML.NET, liblinear and numpy, from file to model, and prints tables. README.md says how and why.
#   --short        few rows, and only what is installed: for CI
#   --install      installs the missing peers from Debian's packages first
#   --save         also writes the tables to bench/results/ with machine and versions
#   --work DIR     keeps data and results there, and goes on with them; else a temporary folder
#   --movietweetings DIR   ratings.dat and movies.dat; else that task is skipped
#   --only SYSTEM,…  --tasks TASK,…  --search  --again        see compare.py
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export PYTHONDONTWRITEBYTECODE=1

short=false install=false save=false work='' ratings='' passed=()
while [ $# -gt 0 ]; do
  case $1 in
    --short) short=true; passed+=("$1") ;;
    --install) install=true ;;
    --save) save=true ;;
    --work) work=$2; shift ;;
    --movietweetings) ratings=$2; shift ;;
    --only | --tasks) passed+=("$1" "$2"); shift ;;
    --search | --again) passed+=("$1") ;;
    *) sed -n '2,9s/^# \?//p' "$0" >&2; exit 2 ;;
  esac
  shift
done

if $install; then
  # OpenBLAS too: numpy would else use the reference BLAS, on one thread and many times slower.
  apt-get install -y --no-install-recommends python3-numpy python3-scipy python3-pandas python3-sklearn python3-torch liblinear-tools libopenblas0-pthread
fi
# Two threads for every peer; where other work shares the processors, as in CI, two that spin and wait for each other take minutes.
threads=$($short && echo 1 || echo 2)
export OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads
python=/usr/bin/python3
if ! $python -c 'import numpy, scipy, pandas, sklearn' 2> /dev/null; then
  printf 'the judge needs numpy, scipy, pandas and scikit-learn of Debian: --install installs them; nothing compared\n'
  $short && exit 0 || exit 9
fi

if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"

# Published as it is shipped, from a copy: a publication for one platform would rewrite the lock files.
publish() {
  rm -rf "$work/source" && mkdir "$work/source"
  cp -r src Directory.*.props global.json .editorconfig "$work/source"
  find "$work/source" \( -name bin -o -name obj \) -type d -prune -exec rm -rf {} +
  CI=false dotnet publish "$work/source/src/Cli" -c Release -r linux-x64 --self-contained -o "$work/disttrain" -v q -clp:ErrorsOnly
  rm -rf "$work/source"
}
publish
disttrain=$work/disttrain/disttrain

mlnet=()
if ! $short || $install || [ -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.ml/5.0.1" ]; then
  dotnet build "$here/mlnet" -c Release -v q -clp:ErrorsOnly
  mlnet=(--mlnet "$here/mlnet/bin/Release/net10.0/CompareMlNet.dll")
fi

(cd "$here" && $python -c "
import settings
for task in settings.tasks($($short && echo True || echo False)):
    if task.sample: print(task.file, task.sample)") | while read -r file sample; do
  [ -e "$work/$file" ] || "$disttrain" sample "$sample" --out "$work/$file" --quiet
done
[ -z "$ratings" ] || [ -e "$work/movietweetings.svm" ] || $python "$here/movietweetings.py" "$ratings" "$work/movietweetings.svm"

$python "$here/compare.py" --work "$work" --disttrain "$disttrain" "${mlnet[@]}" "${passed[@]}" --table "$work/table.md"
cat "$work/table.md"

# In turns, each in several processes: where a process gets its memory decides how fast it is read.
gradients() {
  local quarter=() share=1 turns=3 turn
  if $short; then quarter=(--short) share=0.25 turns=1; fi
  dotnet build bench -c Release -v q -clp:ErrorsOnly
  rm -f "$work"/kernels-*.md "$work"/gradients-*.json
  for ((turn = 1; turn <= turns; turn++)); do
    dotnet bench/bin/Release/net10.0/DistTrain.Bench.dll kernels "${quarter[@]}" "1M × " > "$work/kernels-$turn.md"
    $python "$here/peers/gradient.py" measure "$share" "$work/gradients-$turn.json"
  done
  $python "$here/peers/gradient.py" table "$work"/kernels-*.md -- "$work"/gradients-*.json | tee "$work/gradients.md"
}
printf '\n'
gradients

if $save; then
  cpu=$(awk -F': ' '/model name/ { gsub(/[^A-Za-z0-9]+/, "-", $2); print tolower($2); exit }' /proc/cpuinfo)
  saved=bench/results/$(date -u +%Y-%m-%d)-$cpu-compare.md
  { printf '# DistTrain and others, from file to model\n\n'
    printf '%s, %s cores. DistTrain %s (ReadyToRun), .NET %s. ' "$(awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo)" "$(nproc)" "$(git describe --always)" "$(dotnet --version)"
    $python -c 'from importlib.metadata import version; print("; ".join(f"{name} {version(name)}" for name in ("scikit-learn", "torch", "numpy", "scipy", "pandas")), end="")'
    printf '; Microsoft.ML 5.0.1; %s. [How](../compare/README.md).\n\n' "$(dpkg-query -W -f '${Package} ${Version}' liblinear-tools)"
    cat "$work/table.md"
    printf '\n'
    cat "$work/gradients.md"; } > "$saved"
fi
