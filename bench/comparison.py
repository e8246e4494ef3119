"""Two sides measured in alternating pairs, and what is told of them.

Two runs an hour apart differ by more than the things compared, so only the ratio within a pair is believed: each pair
loads ours and the peer, in one order and then in the other, and the ratios' median is told with their least and greatest.
"""

import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass

from peers import Sample
from progress import end_progress, show_progress

GOAL = 1.0


@dataclass(frozen=True)
class Figure:
    """One quantity of a comparison. A ratio above 1 means that ours is worse."""

    name: str
    read: Callable[[Sample], float]
    more_is_better: bool

    def ratio(self, ours: Sample, peer: Sample) -> float:
        worse = self.read(peer) / self.read(ours)
        return worse if self.more_is_better else 1 / worse


RATE = Figure("requests/s", lambda sample: sample.rate, True)
SERVER_CPU = Figure("server CPU us/request", lambda sample: sample.server_cpu_us, False)
CLIENT_CPU = Figure("client CPU us/request", lambda sample: sample.client_cpu_us, False)


@dataclass(frozen=True)
class Comparison:
    title: str
    peer: str
    figures: tuple[Figure, ...]
    target: float  # the worst ratio that is good enough
    pairs: list[tuple[Sample, Sample]]  # ours, peer

    def rows(self) -> list[dict]:
        return [self.row(figure) for figure in self.figures]

    def row(self, figure: Figure) -> dict:
        ratios = [figure.ratio(ours, peer) for ours, peer in self.pairs]
        ratio = statistics.median(ratios)
        return {
            "comparison": self.title,
            "figure": figure.name,
            "waitlab": statistics.median(figure.read(ours) for ours, _ in self.pairs),
            "peer": statistics.median(figure.read(peer) for _, peer in self.pairs),
            "peer_name": self.peer,
            "ratio": {"median": ratio, "min": min(ratios), "max": max(ratios)},
            "verdict": self.verdict(ratio),
        }

    def verdict(self, ratio: float) -> str:
        if ratio > self.target:
            return "target missed"
        return "goal met" if ratio <= GOAL < self.target else "target met"


def run_pairs(title: str, count: int, ours: Callable[[], Sample], peer: Callable[[], Sample]) -> list[tuple[Sample, Sample]]:
    """One unmeasured pair to warm up, then the measured ones."""
    pairs = []
    for number in range(count + 1):
        show_progress(f"{title}: {f'pair {number} of {count}' if number else 'warming up'}")
        if number % 2:
            mine, theirs = ours(), peer()
        else:
            theirs, mine = peer(), ours()
        pairs.append((mine, theirs))
    end_progress()
    return pairs[1:]


def print_comparisons(comparisons: list[Comparison]) -> None:
    for comparison in comparisons:
        print(f"\n{comparison.title}\n{'':24}{'waitlab':>10}{comparison.peer:>10}  ratio (least - greatest)")
        for row in comparison.rows():
            ratio = row["ratio"]
            digits = 0 if row["waitlab"] >= 1000 else 2
            print(f"  {row['figure']:22}{row['waitlab']:>10,.{digits}f}{row['peer']:>10,.{digits}f}"
                  f"  {ratio['median']:.2f} ({ratio['min']:.2f} - {ratio['max']:.2f})  {row['verdict']}")


def comparisons_result(comparisons: list[Comparison]) -> dict:
    pairs = {comparison.title: [{"waitlab": asdict(ours), comparison.peer: asdict(peer)} for ours, peer in comparison.pairs]
             for comparison in comparisons}
    return {"summary": [row for comparison in comparisons for row in comparison.rows()], "pairs": pairs}
