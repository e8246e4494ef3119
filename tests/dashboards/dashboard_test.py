#!/usr/bin/python3
"""Puts load on the real server while Debian's Prometheus scrapes it, and asks what the dashboard would ask: each query
must find data. Also checks that the dashboard fits its data source, and that the docs name what is published.

usage: dashboard_test.py BINARIES
"""

import math
import re
import subprocess
import sys
import tempfile
import time
import unittest
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import dashboard
from programs import Load, Server, await_true, strategies
from prometheus import Prometheus

BINARIES = Path(sys.argv.pop(1)).resolve()
PROMETHEUS_CONFIG = dashboard.ROOT / "docker/prometheus/prometheus.yml"
DATASOURCE = dashboard.ROOT / "docker/grafana/provisioning/datasources/prometheus.yml"

STRATEGIES = strategies(BINARIES)

# Fewer threads than requests at once, so that some are rejected.
SETTINGS = {"listen": {"port": 0}, "admin": {"port": 0},
            "strategies": {"thread-per-request": {"max_threads": 8}, "fixed-pool": {"threads": 4, "queue_capacity": 4}}}
CONNECTIONS = 32

SCRAPE_INTERVAL = "200ms"
GRAFANA = {"__interval": SCRAPE_INTERVAL, "__rate_interval": "1s", "strategy": f"({'|'.join(STRATEGIES)})"}


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, f"{PROMETHEUS_CONFIG} should hold '{old}' once"
    return text.replace(old, new)


def has_number(series: dict[str, Any]) -> bool:
    return any(math.isfinite(float(value)) for _, value in series["values"])


class UnderLoad(unittest.TestCase):
    """Every strategy runs under load, one after the other, and the dashboard is asked while it does."""

    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.dashboard = dashboard.load()
        cls.since = time.time()
        cls.server = cls.enterClassContext(Server(BINARIES, folder / "server.jsonc", SETTINGS))
        config = replaced(PROMETHEUS_CONFIG.read_text(), "server:9090", cls.server.admin)
        (folder / "prometheus.yml").write_text(replaced(config, "scrape_interval: 1s",
                                                        f"scrape_interval: {SCRAPE_INTERVAL}"))
        cls.prometheus = cls.enterClassContext(Prometheus(folder / "prometheus.yml", folder / "storage"))
        cls.prometheus.await_ready()
        for strategy in STRATEGIES:
            cls.server.switch_to(strategy)
            with Load(BINARIES, cls.server.url + "/mix?work=200us&delay=5ms", CONNECTIONS):
                cls.await_data(strategy)
        cls.metrics = cls.server.metrics()

    @classmethod
    def series(cls, expression: str) -> list[dict[str, Any]]:
        """What the expression of a dashboard has found since the test began."""
        return cls.prometheus.series(dashboard.fill_in(expression, GRAFANA), cls.since, SCRAPE_INTERVAL)

    @classmethod
    def shows(cls, query: dashboard.Query, strategy: str) -> bool:
        return any(has_number(series) and (not query.by_strategy or series["metric"].get("strategy") == strategy)
                   for series in cls.series(query.expression))

    @classmethod
    def without_data(cls, strategy: str) -> list[str]:
        """The places of the dashboard that show nothing of this strategy although there is something to show."""
        of_strategy = set(re.findall(rf'^(\w+){{strategy="{strategy}"', cls.server.metrics(), re.M))

        def is_published(metric: str) -> bool:
            return metric.startswith("process_") or metric in of_strategy

        return [query.place for query in dashboard.queries(cls.dashboard)
                if all(map(is_published, query.metrics())) and not cls.shows(query, strategy)]

    @classmethod
    def await_data(cls, strategy: str) -> None:
        missing: list[str] = []

        def all_show() -> bool:
            missing[:] = cls.without_data(strategy)
            return not missing

        try:
            await_true(all_show, "data")
        except AssertionError as error:
            raise AssertionError(f"under {strategy} these show nothing: {missing}") from error

    def test_every_metric_of_the_dashboard_is_published(self):
        published = set(re.findall(r"^\w+", self.metrics, re.M))
        for query in dashboard.queries(self.dashboard):
            self.assertLessEqual(query.metrics(), published, query.place)

    def test_variables_offer_every_strategy(self):
        for variable in dashboard.variables(self.dashboard):
            offered = self.prometheus.ask(f"label/{variable.label}/values", **{"match[]": variable.metric})
            self.assertEqual(set(offered), set(STRATEGIES), variable.name)

    def test_overload_shows_as_rejections_with_their_reasons(self):
        found = self.series("max by (reason) (waitlab_requests_rejected_total) > 0")
        reasons = {series["metric"]["reason"] for series in found}
        self.assertEqual(reasons, {"max_threads", "queue_full"})

    def test_a_switch_is_marked_once_for_each_strategy(self):
        [annotation] = self.dashboard["annotations"]["list"]
        marks = {series["metric"]["strategy"]: len(series["values"]) for series in self.series(annotation["expr"])}
        self.assertEqual(marks, dict.fromkeys(STRATEGIES, 1))

    def test_promtool_finds_nothing_to_say_of_the_metrics(self):
        said = subprocess.run(["promtool", "check", "metrics"], input=self.metrics, capture_output=True, text=True)
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))

    def test_the_docs_list_what_is_published_and_nothing_else(self):
        published = set(re.findall(r"^# TYPE (\w+) (\w+)$", self.metrics, re.M))
        listed = set(re.findall(r"^\| `(\w+)` \| (\w+) \|", (dashboard.ROOT / "docs/metrics.md").read_text(), re.M))
        self.assertEqual(listed, published)


class Files(unittest.TestCase):
    """What can be said of the files without running anything."""
    dashboard = dashboard.load()

    def test_prometheus_accepts_its_config(self):
        said = subprocess.run(["promtool", "check", "config", PROMETHEUS_CONFIG], capture_output=True, text=True)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_all_ask_the_data_source_that_is_provided(self):
        [uid] = re.findall(r"^ +uid: ([\w-]+)", DATASOURCE.read_text(), re.M)
        asking = [*dashboard.panels(self.dashboard), *self.dashboard["annotations"]["list"],
                  *self.dashboard["templating"]["list"]]
        for one in asking:
            self.assertEqual(one["datasource"], {"type": "prometheus", "uid": uid})

    def test_panels_have_ids_of_their_own_and_do_not_overlap(self):
        panels = self.dashboard["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        for panel in panels:
            self.assertLessEqual(panel["gridPos"]["x"] + panel["gridPos"]["w"], 24, panel["title"])
        for one, other in combinations(panels, 2):
            a, b = one["gridPos"], other["gridPos"]
            apart = (a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"] or
                     a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"])
            self.assertTrue(apart, f"{one['title']} and {other['title']}")


if __name__ == "__main__":
    unittest.main()
