"""Runs the systems over the tasks, has the judge look at every model, and writes one table.

usage: compare.py --work FOLDER --disttrain PROGRAM --table FILE [--mlnet DLL] [--short] [--only SYSTEM,…] [--tasks TASK,…] [--search] [--again]

Results are kept in FOLDER/results.json: what is there is not run again, unless --again. Ends with exit code 1 where DistTrain itself is not near.
"""

import argparse
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import settings
import table

NEAR = 1e-4  # (F − F*) / F* that counts as there.
REPEATED_BELOW = 10  # Seconds: a shorter run is run three times, and the median counts.
LIMIT = 200  # Seconds until a run is given up.
LIMIT_SHORT = 20


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("--work", "--disttrain", "--table"):
        parser.add_argument(name, required=True)
    parser.add_argument("--mlnet", default="")
    parser.add_argument("--only", default=",".join(settings.SYSTEMS))
    parser.add_argument("--tasks", default="")
    for name in ("--short", "--search", "--again"):
        parser.add_argument(name, action="store_true")
    return parser.parse_args()


def timed(command, log, limit):
    """Seconds from start to end of a process, and its peak resident memory in MB; None where it failed or took too long."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=log, stderr=log) as process:
        killer = threading.Timer(limit, process.kill)
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    return (seconds, usage.ru_maxrss / 1024) if process.returncode == 0 else None


class Comparison:
    def __init__(self, options):
        self.options = options
        self.work = Path(options.work)
        self.tools = SimpleNamespace(
            disttrain=options.disttrain, mlnet=options.mlnet, python="/usr/bin/python3", peers=str(Path(__file__).parent / "peers"))
        self.kept = self.work / "results.json"
        self.results = json.loads(self.kept.read_text()) if self.kept.exists() else {}

    def run(self):
        chosen = self.options.tasks.split(",") if self.options.tasks else None
        for task in settings.tasks(self.options.short):
            if chosen and task.name not in chosen:
                continue
            file = self.work / task.file
            if not file.exists():
                print(f"{task.name}: {file} is not there, skipped", flush=True)
                continue
            with open(file, "rb") as warm:  # All find the file in the page cache.
                while warm.read(1 << 24):
                    pass
            self._task(task, str(file))

    def _task(self, task, file):
        tasks = self.results.setdefault(task.name, {})
        if "optimum" not in tasks:
            model, _, _ = self._fit("disttrain", task, file, 1e-6 if self.options.short else 1e-9)
            tasks["optimum"] = self._objective(task, file, model)
        for system in self.options.only.split(","):
            if not settings.applies(system, task) or not self._is_here(system):
                continue
            tolerances = settings.SEARCH if self.options.search else settings.tolerances(system, task, self.options.short)
            for tolerance in tolerances:
                key = f"{system} {tolerance:g}"
                if key in tasks and not self.options.again:
                    continue
                tasks[key] = self._measured(task, file, system, tolerance)
                if tasks[key]["objective"] is not None:
                    tasks["optimum"] = min(tasks["optimum"], tasks[key]["objective"])
                print(task.name, key, tasks[key], f"{self._above(tasks, key):.1e}", flush=True)
                self.kept.write_text(json.dumps(self.results, indent=1))
                if self.options.search and self._above(tasks, key) <= NEAR / 3:
                    break

    def far(self):
        """The tasks in which no run of DistTrain came near the optimum: a mistake, where a peer's may be its settings."""
        return [
            name for name, tasks in self.results.items()
            if (own := [key for key in tasks if key.startswith("disttrain ")]) and min(self._above(tasks, key) for key in own) > NEAR]

    def _is_here(self, system):
        """Whether a peer is installed; the front door installs what is not, when asked."""
        if system == "liblinear":
            return shutil.which("liblinear-train") is not None
        if system == "mlnet":
            return bool(self.tools.mlnet)
        return system not in ("sklearn", "torch") or importlib.util.find_spec(system) is not None

    def _above(self, tasks, key):
        objective = tasks[key]["objective"]
        return float("inf") if objective is None else objective / tasks["optimum"] - 1

    def _measured(self, task, file, system, tolerance):
        fits = [self._fit(system, task, file, tolerance)]
        if fits[0] is None:
            return {"seconds": None, "peak": None, "objective": None, "runs": 0}
        while fits[0][1] < REPEATED_BELOW and len(fits) < (1 if self.options.search or self.options.short else 3):
            fits.append(self._fit(system, task, file, tolerance))
        return {
            "seconds": statistics.median(seconds for _, seconds, _ in fits),
            "peak": statistics.median(peak for _, _, peak in fits),
            "objective": self._objective(task, file, fits[0][0]),
            "runs": len(fits),
        }

    def _fit(self, system, task, file, tolerance):
        """The model's path, seconds, MB; None where the system gave up."""
        model = self.work / "models" / f"{task.name}-{system}-{settings.model_name(system)}"
        shutil.rmtree(model, ignore_errors=True)
        model.unlink(missing_ok=True)
        model.parent.mkdir(exist_ok=True)
        with open(self.work / "models" / f"{task.name}-{system}.log", "w", encoding="utf-8") as log:
            measured = timed(settings.command(system, task, file, str(model), tolerance, self.tools), log, LIMIT_SHORT if self.options.short else LIMIT)
        return measured and (model / "model" if system == "disttrain" else model, *measured)

    def _objective(self, task, file, model):
        # A process of its own: no memory of it is counted as a child's.
        judge = [self.tools.python, str(Path(__file__).parent / "judge.py"), file, str(model), f"{task.features}", f"{settings.L2}"]
        return float(subprocess.run(judge, check=True, capture_output=True, text=True).stdout)


def main():
    comparison = Comparison(arguments())
    comparison.run()
    Path(comparison.options.table).write_text(table.of(comparison.results, NEAR) + "\n", encoding="utf-8")
    if far := comparison.far():
        sys.exit(f"DistTrain ended more than {NEAR:g} above the lowest objective found, and no run of it nearer: {', '.join(far)}")


if __name__ == "__main__":
    main()
