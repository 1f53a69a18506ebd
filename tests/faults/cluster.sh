#!/usr/bin/env bash
# cluster.sh [--long] [--seed N] [--suite NAME,…] [--report FILE] [--nursery FILE] [--keep DIR] [--slack N]
#
# Suites: compare, disturb (both where none is named), succeed (several candidates; in long mode too), partition, schism (partition.sh).
# Trains with a coordinator and workers as real processes, breaks them in mid-run, and compares the parameters with those of the
# undisturbed run in one process, to the bit; a separate program checks the run's events. Short mode: some of each, for every build,
# in a minute and a half. Long mode: every input with 1, 2, 4 and 8 workers, and all faults the product promises to survive.
# --slack N multiplies the limits of recovery times, where other work shares the processors.
# Ends with 1 if a hash differs, if a run does not end, if a recovery takes too long, or if a contribution is lost or counted twice.
# Needs a built solution (dotnet build -c Release). The harness, and how to add a fault: tests/FaultHarness.
set -euo pipefail
cd "$(dirname "$0")/../.."
harness=tests/FaultHarness/bin/Release/net10.0/DistTrain.FaultHarness.dll
[ -f "$harness" ] || { echo "no $harness: dotnet build -c Release" >&2; exit 2; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 CI=true DOTNET_TieredPGO=0
exec dotnet "$harness" "$@"
