#!/usr/bin/env bash
# partition.sh [--seed N] [--report FILE] [--keep DIR]
#
# Gives every node of a cluster a host of its own (network namespaces, joined by a bridge), takes links down for 10 s in mid-run, and
# compares with the undisturbed run as cluster.sh does: the run goes on, with the same bits, and no term has two coordinators.
# Needs root, for the namespaces, and a built solution.
set -euo pipefail
exec "$(dirname "$0")/cluster.sh" --suite partition,schism "$@"
