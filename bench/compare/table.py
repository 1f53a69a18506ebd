"""The results as one table in Markdown."""

import settings


def _runs(results, task, system):
    return [(key.split()[1], run) for key, run in results[task].items() if key.split()[0] == system]


def _best(runs, optimum, near):
    """The fastest run that is there, or else the one that came nearest."""
    ended = [(tolerance, run) for tolerance, run in runs if run["objective"] is not None]
    there = [(tolerance, run) for tolerance, run in ended if run["objective"] - optimum <= near * optimum]
    if there:
        return min(there, key=lambda pair: pair[1]["seconds"])
    return min(ended, key=lambda pair: pair[1]["objective"], default=None)


def of(results, near):
    lines = [
        "| task | system | seconds | × DistTrain | peak MB | objective | objective − optimum | relative | tolerance | runs |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for task, runs in results.items():
        optimum = runs["optimum"]
        ours = _best(_runs(results, task, "disttrain"), optimum, near)
        for system, name in settings.SYSTEMS.items():
            tried = _runs(results, task, system)
            best = _best(tried, optimum, near)
            if best is None:
                lines += [f"| {task} | {name} | did not end | | | | | | | |"] if tried else []
                continue
            tolerance, run = best
            gap = run["objective"] - optimum
            ratio = f"{run['seconds'] / ours[1]['seconds']:.1f}" if ours else ""
            mark = "" if gap <= near * optimum else " (not there)"
            lines.append(
                f"| {task} | {name} | {run['seconds']:.2f}{mark} | {ratio} | {run['peak']:,.0f} | {run['objective']:.7f} | {gap:.1e} | {gap / optimum:.1e} "
                f"| {tolerance} | {run['runs']} |")
    return "\n".join(lines)
