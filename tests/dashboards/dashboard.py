"""The queries of the dashboard, as Grafana would send them."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "docker/grafana/dashboards/waitlab.json"

METRIC = re.compile(r"\b(?:waitlab|process)_\w+")
LABEL_VALUES = re.compile(r"label_values\((\w+), (\w+)\)")


@dataclass(frozen=True)
class Query:
    """A query and where it stands; `by_strategy`: its series are told apart by the strategy."""
    place: str
    expression: str
    by_strategy: bool

    def metrics(self) -> set[str]:
        return set(METRIC.findall(self.expression))


@dataclass(frozen=True)
class Variable:
    """A template variable, whose values are those of a label."""
    name: str
    metric: str
    label: str


def load() -> dict[str, Any]:
    return json.loads(DASHBOARD.read_text())


def panels(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The panels that show something; rows only head them."""
    return (panel for panel in dashboard["panels"] if panel["type"] != "row")


def queries(dashboard: dict[str, Any]) -> Iterator[Query]:
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield Query(f"panel '{panel['title']}' {target['refId']}", target["expr"],
                        "{{strategy}}" in target["legendFormat"])
    for annotation in dashboard["annotations"]["list"]:
        yield Query(f"annotation '{annotation['name']}'", annotation["expr"], "{{strategy}}" in annotation["textFormat"])


def variables(dashboard: dict[str, Any]) -> Iterator[Variable]:
    for variable in dashboard["templating"]["list"]:
        metric, label = LABEL_VALUES.fullmatch(variable["query"]["query"]).groups()
        yield Variable(variable["name"], metric, label)


def fill_in(expression: str, values: dict[str, str]) -> str:
    """The expression with Grafana's variables replaced; one that nobody knows is an error."""
    filled = re.sub(r"\$(\w+)", lambda found: values[found[1]], expression)
    assert "$" not in filled, filled
    return filled
