"""Reports made by the real client, of a result that was measured once and is changed as a test wants it.

The client draws what follows from the runs, so it is these that are changed.
"""

import copy
import gzip
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
Result = dict[str, Any]
Change = Callable[[Result], None]


def small_result() -> Result:
    """A pool and a loop at 160, 256 and 400 requests per second, twice each; the pool falls behind at the last."""
    return json.loads(gzip.decompress((DATA / "small.json.gz").read_bytes()))


def with_target(result: Result, old: str, new: str) -> Result:
    """The same with another name for a target."""
    changed = copy.deepcopy(result)
    for target in changed["targets"]:
        if target["name"] == old:
            target.update(name=new, family=new)
    for run in changed["runs"]:
        if run["target"] == old:
            run["target"] = new
    return changed


def swept(result: Result) -> Result:
    """The pool under three rates, as if it were three pools under one rate, and the loop beside them. Every request
    takes a 39th of its 50 ms of waiting in CPU time, so that by Goetz's formula 40 threads keep a CPU busy."""
    changed = copy.deepcopy(result)
    threads = {160: 64, 256: 32, 400: 16}
    (pool,) = (target for target in result["targets"] if target["name"] == "pool")
    changed["targets"] = [
        {**pool, "name": f"pool-{number}", "sweep": {"strategies.fixed-pool.threads": number}, "threads": number}
        for number in sorted(threads.values())
    ] + [target for target in result["targets"] if target["name"] == "loop"]
    changed["runs"] = [run for run in changed["runs"] if run["target"] == "pool" or run["level"] == 400]
    for run in changed["runs"]:
        usage = run["server"]["usage"]
        usage["cpu_seconds"] = usage["completed"] * 0.050 / 39
        if run["target"] == "pool":
            run.update(target=f"pool-{threads[run['level']]}", level=400)
    changed["load"]["rates"] = [400]
    return changed


def closed(result: Result) -> Result:
    """As if connections had asked again and again."""
    changed = copy.deepcopy(result)
    changed["load"].update(rates=None, arrivals=None, connections=[160, 256, 400])
    return changed


def traced(result: Result) -> Result:
    """With a trace of the last run of each target: two requests that wait 50 ms, one after the other begins."""
    changed = copy.deepcopy(result)
    for run in changed["runs"]:
        holds_threads = run["target"] == "pool"
        run["lanes"] = [event for number in (1, 2) for event in trace_of(number, 10_000 * number, holds_threads)]
    return changed


def crowded(result: Result, requests: int, apart_us: int = 1_000) -> Result:
    """With traces of that number of requests on one thread, that far apart, of 50.2 ms each."""
    changed = copy.deepcopy(result)
    for run in changed["runs"]:
        run["lanes"] = [event for number in range(requests) for event in trace_of(number, apart_us * number, False)]
    return changed


def trace_of(number: int, begin: int, holds_thread: bool) -> list[dict[str, Any]]:
    """The events of one request, in microseconds, and of its thread, which all share if they are not held."""
    thread = number if holds_thread else 1
    request = {"pid": 1, "tid": 0, "cat": "request", "id2": {"local": str(number)}}
    events = [{"pid": 1, "tid": thread, "ph": "M", "name": "thread_name", "args": {"name": f"thread {thread}"}},
              {**request, "ph": "b", "name": "request", "ts": begin},
              {**request, "ph": "e", "name": "request", "ts": begin + 50_200}]
    for name, since, duration in (("running", 0, 100), ("waiting", 100, 50_000), ("running", 50_100, 100)):
        events += [{**request, "ph": "b", "name": name, "ts": begin + since},
                   {**request, "ph": "e", "name": name, "ts": begin + since + duration}]
        if holds_thread or name == "running":
            events.append({"pid": 1, "tid": thread, "ph": "X", "cat": "thread", "name": name, "ts": begin + since,
                           "dur": duration, "args": {"request": number}})
    return events


def watched_from_afar(result: Result) -> Result:
    """Nothing of the server is known."""
    changed = copy.deepcopy(result)
    for run in changed["runs"]:
        run["server"].update(samples=[], usage=None, peak_threads=0, peak_rss_bytes=0, idle_rss_bytes=None,
                             peak_in_flight=None, peak_queued=None)
    return changed


def below(level: int, result: Result) -> Result:
    """Only the runs under less load than that."""
    changed = copy.deepcopy(result)
    for entries in ("runs", "comparison"):
        changed[entries] = [entry for entry in changed[entries] if entry["level"] < level]
    return changed


def make_report(binaries: Path, folder: Path, *results: Result) -> Path:
    """The page of the results, as the client makes it."""
    paths = []
    for number, result in enumerate(results):
        paths.append(folder / f"result-{number}.json")
        paths[-1].write_text(json.dumps(result))
    page = folder / "report.html"
    subprocess.run([binaries / "waitlab-client", "report", *paths, "-o", page], check=True, stdout=subprocess.DEVNULL)
    return page


def retold(page: Path, *changes: Change) -> Path:
    """The same page of one result, as if the client had computed something else of its runs."""
    before, text, after = re.fullmatch(r'(.*<script type="application/json"[^>]*>)(.*?)(</script>.*)',
                                       page.read_text(), re.DOTALL).groups()
    result = json.loads(text)
    for change in changes:
        change(result)
    page.write_text(before + json.dumps(result).replace("<", "\\u003c") + after)
    return page
