#!/usr/bin/python3
"""Checks that the schemas of hand-written files accept the samples, and refuse what the programs refuse."""

import json
import re
import unittest
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]


def read(path: str):
    """JSON whose comments, if any, stand on lines of their own."""
    text = (ROOT / path).read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def validator(path: str) -> jsonschema.Draft202012Validator:
    schema = read(path)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


class TargetsSchema(unittest.TestCase):
    schema = validator("docs/targets.schema.json")

    def test_accepts_the_sample(self):
        self.schema.validate(read("experiments/targets.jsonc"))

    def test_accepts_a_bare_list_and_every_key(self):
        self.schema.validate([{}])
        self.schema.validate([{"method": "POST", "path": "/echo?a=%20", "headers": {"Accept": "*/*"}, "body": "hello",
                               "weight": 0.5}, {"body_file": "body.txt"}] * 32)

    def test_refuses_what_the_client_refuses(self):
        targets = [{"methd": "GET"}, {"method": "G T"}, {"path": "a"}, {"path": "/a b"}, {"path": "/a#b"},
                   {"headers": {"A": 1}}, {"body": 1}, {"body": "", "body_file": "a"}, {"weight": 0}, {"weight": "1"}]
        files = [[target] for target in targets] + [1, [], [1], [{}] * 65, {}, {"targets": []}, {"target": [{}]}]
        for file in files:
            self.assertFalse(self.schema.is_valid(file), file)


def refused(schema: jsonschema.Draft202012Validator, document: dict, **changes) -> bool:
    return not schema.is_valid({**document, **changes})


class CapacitySchema(unittest.TestCase):
    schema = validator("docs/capacity.schema.json")
    probe = {"rate": {"offered": 10, "achieved": 9.5}, "verdict": "server_failed", "why": "it was slow", "errors": 1,
             "response_time_us": {"p50": 1, "p90": 2.5, "p99": None}, "valid": True, "invalid_because": []}
    search = {"schema_version": 1, "command": "waitlab-client capacity", "started_at": "2026-01-02T03:04:05.678Z",
              "url": "http://localhost/", "thresholds": ["p99<1s", "errors<1%"], "implied_threshold": "errors<1%",
              "unloaded_p50_us": 1.5, "highest_passed": None, "lowest_failed": 10, "gave_out": "server",
              "interrupted": False, "probes": [probe, probe]}

    def test_accepts_what_a_search_may_find(self):
        self.schema.validate(self.search)
        self.schema.validate({**self.search, "implied_threshold": None, "unloaded_p50_us": None, "highest_passed": 10,
                              "lowest_failed": None, "gave_out": None, "probes": []})

    def test_refuses_other_documents(self):
        for key in self.search:
            self.assertFalse(self.schema.is_valid({name: self.search[name] for name in self.search if name != key}), key)
        self.assertTrue(refused(self.schema, self.search, gave_out="network"))
        self.assertTrue(refused(self.schema, self.search, highest_passed=0))
        self.assertTrue(refused(self.schema, self.search, more=1))
        self.assertTrue(refused(self.schema, self.search, probes=[{**self.probe, "verdict": "failed"}]))


class CompareSchema(unittest.TestCase):
    schema = validator("docs/compare.schema.json")
    side = {"value": 2.5, "at_least": False, "runs": [2, 3]}
    figure = {"unit": "us", "a": side, "b": side, "ratio": 1, "low": 0.9, "high": None, "difference_shown": False}
    none = {**figure, "a": None, "ratio": None, "low": None, "high": None, "why_not": "too few samples in A"}

    def comparison(self, **figures) -> dict:
        return {"schema_version": 1, "all_valid": True, "warnings": ["unlike"], "method": "Welch", "figures": figures}

    def test_accepts_figures_with_and_without_a_ratio(self):
        self.schema.validate(self.comparison(p50=self.figure, errors=self.none))

    def test_refuses_other_documents(self):
        self.assertFalse(self.schema.is_valid(self.comparison()))
        self.assertFalse(self.schema.is_valid(self.comparison(p98=self.figure)))
        for changes in ({"ratio": None}, {"why_not": "none"}, {"unit": "ms"}, {"a": {"value": 1}}, {"more": 1}):
            self.assertFalse(self.schema.is_valid(self.comparison(p50={**self.figure, **changes})), changes)
        for changes in ({"low": 0.9}, {"difference_shown": True}):
            self.assertFalse(self.schema.is_valid(self.comparison(p50={**self.none, **changes})), changes)


if __name__ == "__main__":
    unittest.main()
