#!/usr/bin/env bash
# Measures which lines of src/Shared its own tests reach, and fails below the bound. Usage: tests/coverage.sh [FOLDER FOR RESULTS]
set -euo pipefail
cd "$(dirname "$0")/.."
bound=90
results=${1:-$(mktemp -d)}

dotnet test tests/Shared.Tests -c Release --collect "XPlat Code Coverage" --settings tests/coverage.runsettings \
  --results-directory "$results" --verbosity quiet

# Cobertura lists each line of a class; a line of several classes (lambdas, iterators) counts once, as reached if any reached it.
find "$results" -name coverage.cobertura.xml -print0 | xargs -0 cat | awk -v bound="$bound" '
  match($0, /filename="[^"]*"/) { file = substr($0, RSTART + 10, RLENGTH - 11) }
  /<line / && match($0, /number="[0-9]+"/) {
    line = file ":" substr($0, RSTART + 8, RLENGTH - 9); match($0, /hits="[0-9]+"/); hits = substr($0, RSTART + 6, RLENGTH - 7)
    if (!(line in reached)) { reached[line] = 0; lines[file]++ }
    if (hits > 0 && !reached[line]) { reached[line] = 1; hit[file]++ }
  }
  END {
    for (f in lines) { all += lines[f]; got += hit[f]; if (hit[f] < lines[f] * bound / 100) printf "%6.1f %%  %s\n", 100 * hit[f] / lines[f], f | "sort -n" }
    close("sort -n")
    if (all == 0) { print "coverage: no report was found"; exit 1 }
    printf "coverage of src/Shared: %.1f %% of %d lines (bound: %d %%)\n", 100 * got / all, all, bound
    exit 100 * got < bound * all
  }'
