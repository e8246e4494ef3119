"""How late the client sends, held against how late this machine's own timers are."""

import json
import statistics
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from peers import BenchError, Server, end, start
from progress import end_progress, show_progress

FIGURES = ("p50", "p99", "max")
TARGETS_US = {1_000: 100, 20_000: 200}  # the p99 at this rate, on a quiet core


@dataclass(frozen=True)
class LagRow:
    """Medians over the repeats, in us."""

    rate: int
    client: dict[str, float]
    floor: dict[str, float]
    target: int

    @property
    def verdict(self) -> str:
        return "target met" if self.client["p99"] < self.target else "target missed"


def printed_by(command: list[str], cpu: int) -> str:
    process = start(command, cpu, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        printed, _ = process.communicate()
    finally:
        end(process)
    if process.returncode not in (0, 3):  # 3: it says itself that it was late
        raise BenchError(f"{command[0]} failed with exit code {process.returncode}: {printed.strip()[-500:]}")
    return printed


def client_lag(binary: Path, server: Server, rate: int, seconds: int, cpu: int, folder: Path) -> dict[str, float]:
    result = folder / "lag.json"
    printed_by([str(binary), "run", "-R", str(rate), "-d", f"{seconds}s", "--warmup", "1s", "--quiet", "--json",
                str(result), server.url()], cpu)
    return json.loads(result.read_text())["schedule_lag_us"]


def floor_lag(binary: Path, rate: int, seconds: int, cpu: int) -> dict[str, float]:
    return json.loads(printed_by([str(binary), str(rate), str(seconds)], cpu))


def medians(samples: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(sample[name] for sample in samples) for name in FIGURES}


def measure_lag(binaries: Path, server: Server, cpu: int, folder: Path, repeats: int, seconds: int) -> list[LagRow]:
    rows = []
    for rate, target in TARGETS_US.items():
        client, floor = [], []
        for number in range(repeats):
            show_progress(f"schedule lag at {rate:,}/s: {number + 1} of {repeats}")
            client.append(client_lag(binaries / "waitlab-client", server, rate, seconds, cpu, folder))
            floor.append(floor_lag(binaries / "timer_floor", rate, seconds, cpu))
        rows.append(LagRow(rate, medians(client), medians(floor), target))
    end_progress()
    return rows


def print_lag(rows: list[LagRow]) -> None:
    print(f"\nschedule lag of the client, beside a bare timer's, us\n{'':28}{'p50':>9}{'p99':>9}{'max':>10}")
    for row in rows:
        for name, lag, told in (("waitlab", row.client, row.verdict), ("bare timer", row.floor, "")):
            cells = f"{lag['p50']:>9.1f}{lag['p99']:>9.1f}{lag['max']:>10.1f}"
            print(f"  {f'{row.rate:,}/s':>10}  {name:14}{cells}  {told}".rstrip())
    targets = ", ".join(f"{row.target} us at {row.rate:,}/s" for row in rows)
    print(f"\nTarget: a p99 below {targets}, on a quiet core.")


def lag_result(rows: list[LagRow]) -> list[dict]:
    return [{**asdict(row), "verdict": row.verdict} for row in rows]
