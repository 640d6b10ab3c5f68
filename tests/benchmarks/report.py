"""The result as tables."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from tests.benchmarks.meter import ORDER
from tests.benchmarks.sheets import Sheet


def sheets(result: dict[str, Any]) -> Iterator[Sheet]:
    """All tables of a result."""
    yield machine(result["machine"])
    if "applications" in result:
        yield from _applications(result["applications"])
    if "http" in result:
        yield _http(result["http"])
    if "updates" in result:
        yield _updates(result["updates"])
    if "open_cases" in result:
        yield _open_cases(result["open_cases"])
    if "profiles" in result:
        yield _rooms_beside(result)
        yield from _profile("worker-cases", result["profiles"]["worker-cases"])
        yield from itertools.islice(_profile("API", result["profiles"]["API"]), 1)


def machine(found: dict[str, Any]) -> Sheet:
    """What it was measured on."""
    return Sheet("Machine", ("what", "value"), [(name, _listed(value)) for name, value in found.items()])


def _listed(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _applications(found: dict[str, Any]) -> Iterator[Sheet]:
    real, bare = found["real"], found["bare"]
    rows: list[tuple[object, ...]] = [
        ("applications a second", real["per_second"], bare["per_second"], found["rate_ratio"]["median"]),
        (
            "CPU ms an application, in all",
            real["cpu_ms_in_all"],
            bare["cpu_ms_in_all"],
            found["cpu_ratio"]["median"],
        ),
        (
            "CPU ms without stand-ins and driver",
            real["cpu_ms_ours"],
            bare["cpu_ms_ours"],
            found["our_cpu_ratio"]["median"],
        ),
        (
            "CPU ms of the engine and the cases' worker",
            *_workflow_only(real, bare),
            found["workflow_cpu_ratio"]["median"],
        ),
    ]
    for group in ORDER:
        values = real["cpu_ms"].get(group), bare["cpu_ms"].get(group)
        if any(values):
            rows.append((f"CPU ms: {group}", *values, None))
    for kind in ("python", "core"):
        where = "Python" if kind == "python" else "the SDK's core"
        values = real["worker_threads_ms"].get(kind), bare["worker_threads_ms"].get(kind)
        rows.append((f"of the cases' worker in {where}", *values, None))
    for size in ("events", "bytes", "workflow_tasks"):
        rows.append(
            (f"history: {size.replace('_', ' ')}", found["history"]["real"][size], found["history"]["bare"][size], None)
        )
    title = (
        f"Whole applications by messages, {found['at_once']} in flight: medians of {len(real['rounds'])} rounds each,"
        f" real and bare in turn, {found['applications']} applications a round"
    )
    yield Sheet(title, ("", "real", "bare", "ratio (1: as cheap as bare)"), rows)
    counts = found["history"]["counts"]
    yield Sheet("What one application asks of the engine", ("what", "number"), list(counts.items()))


def _workflow_only(real: dict[str, Any], bare: dict[str, Any]) -> tuple[float, float]:
    def of(cpu: dict[str, float], worker: str) -> float:
        return round(cpu.get("engine", 0.0) + cpu.get(worker, 0.0), 1)

    return of(real["cpu_ms"], "worker-cases"), of(bare["cpu_ms"], "bare-cases")


def _http(found: dict[str, Any]) -> Sheet:
    rows: list[tuple[object, ...]] = [
        ("applications a second", found["per_second"]),
        ("CPU ms an application, in all", found["cpu_ms_in_all"]),
        ("requests an application, those of who waits included", found["requests"]),
        ("CPU ms of the API a request", found["api_ms_a_request"]),
        *((f"CPU ms: {name}", value) for name, value in found["cpu_ms"].items()),
    ]
    title = f"Whole applications over HTTP, {found['at_once']} in flight, {found['applications']} applications"
    return Sheet(title, ("", "value"), rows)


def _updates(found: Sequence[dict[str, Any]]) -> Sheet:
    rows = [
        (level["in_flight"], who, *(level[f"{who}_ms"].get(key) for key in ("p50", "p90", "p99", "measured")))
        for level in found
        for who in ("real", "bare")
    ]
    title = "Milliseconds until a decision is answered (the examiner's update), and until a bare update is"
    return Sheet(title, ("in flight", "", "p50", "p90", "p99", "measured"), rows)


def _open_cases(found: Sequence[dict[str, Any]]) -> Sheet:
    rows = [
        (
            level["opened"],
            *(level["memory_mb"][part] for part in ("worker-cases", "temporal", "postgres")),
            level.get("engine_store_mb"),
            level.get("per_second"),
            round(sum(level["cpu_ms"].values()), 1) if "cpu_ms" in level else None,
        )
        for level in found
    ]
    columns = (
        "open",
        "worker-cases MB",
        "engine MB",
        "PostgreSQL MB (shared pages count for each)",
        "engine's file MB",
        "opened a second",
        "CPU ms each",
    )
    return Sheet("Cases that wait for a person, and resident memory", columns, rows)


def _profile(worker: str, profile: dict[str, Any]) -> Iterator[Sheet]:
    columns = ("function", "% of samples")
    samples = f"of {profile['samples']} samples"
    yield Sheet(f"{worker}: functions by themselves, {samples}", columns, list(profile["self"].items()))
    yield Sheet(f"{worker}: functions with what they call, {samples}", columns, list(profile["cumulative"].items()))


def _rooms_beside(result: dict[str, Any]) -> Sheet:
    profiles = result["profiles"]
    names = list(profiles)
    rooms = dict.fromkeys(room for profile in profiles.values() for room in profile["rooms"])
    rows = [(room, *(_cell(profiles[name], room) for name in names)) for room in rooms]
    return Sheet("Python time by room: CPU ms an application (share); the API's over HTTP", ("room", *names), rows)


def _cell(profile: dict[str, Any], room: str) -> str:
    share = profile["rooms"].get(room, 0.0)
    return f"{share * profile['python_ms'] / 100:.1f} ({share:.0f} %)"
