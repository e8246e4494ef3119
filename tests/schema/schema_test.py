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
    # References to other schemas are from the schema's own folder.
    return jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver((ROOT / path).as_uri(), schema))


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


def patched(document, patch):
    """RFC 7396, as the client applies the quick block."""
    if not isinstance(patch, dict):
        return patch
    whole = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            whole.pop(key, None)
        else:
            whole[key] = patched(whole.get(key), value)
    return whole


class ExperimentSchema(unittest.TestCase):
    schema = validator("experiments/experiment.schema.json")
    least = {"name": "a", "targets": [{"name": "a"}], "load": {"rates": [1]}}

    def test_accepts_every_experiment_that_is_shipped_and_its_quick_form(self):
        paths = [path for path in (ROOT / "experiments").glob("*.jsonc") if not path.stem.endswith("targets")]
        self.assertGreater(len(paths), 5)
        for path in paths:
            document = read(path.relative_to(ROOT))
            self.assertEqual(document["$schema"], "./experiment.schema.json", path)
            self.schema.validate(document)
            self.schema.validate(patched(document, document.get("quick", {})))

    def test_accepts_every_key(self):
        sweep = {"strategies.fixed-pool.threads": [1, "auto"]}
        ready = {"path": "/up?a=%20", "within": "1.5s"}
        targets = [{"name": "a.b_c-1", "server": {"strategy": "fixed-pool"}, "path": "/mix?work=1ms", "sweep": sweep},
                   {"name": "b", "command": ["b", "{port}"], "url": "http://127.0.0.1:{port}/", "ready": ready,
                    "directory": "..", "environment": {"B": "{backend}"}, "sweep": {"workers": [1, 2]}},
                   {"name": "c", "url": "https://localhost/", "pid": 7, "ready": {}}]
        loads = [{"rates": [0.5, 100], "arrivals": "constant", "max_connections": 7, "path": "/", "seed": 0},
                 {"rates": {"from": 1, "to": 10.5, "steps": 3, "spacing": "geometric"}, "targets": "mix.json"},
                 {"connections": {"from": 1, "to": 10, "steps": 3}, "duration": "1s", "warmup": "0s", "timeout": "1m"}]
        for load in loads:
            self.schema.validate({"$schema": "s", "name": "a", "title": "T", "question": "Q?", "targets": targets,
                                  "sweep": sweep, "load": load, "repeats": 5, "request_logs": True,
                                  "order": {"shuffled": False, "seed": 3}, "quick": {"load": {"rates": None}},
                                  "backend": {"mode": "timer", "profile": {"delay": {"mean": "1ms"}, "seed": 4}}})

    def test_refuses_what_the_client_refuses(self):
        targets = [{}, {"name": "a/b"}, {"name": "a", "sever": {}}, {"name": "a", "server": {}, "url": "http://h/"},
                   {"name": "a", "command": []}, {"name": "a", "command": "a"}, {"name": "a", "url": "ftp://h/"},
                   {"name": "a", "url": "http://h:{port}/"}, {"name": "a", "url": "http://h/", "pid": 0},
                   {"name": "a", "path": "b"}, {"name": "a", "sweep": {"k": []}}, {"name": "a", "sweep": {"k": [{}]}},
                   {"name": "a", "command": ["a"], "ready": {"within": "10"}}]
        loads = [{}, {"rates": []}, {"rates": 1}, {"rates": [0]}, {"rates": [1, 1]}, {"rates": [1], "connections": [1]},
                 {"connections": [1.5]}, {"connections": [0]}, {"connections": [1], "arrivals": "poisson"},
                 {"rates": [1], "path": "a"}, {"rates": [1], "path": "/", "targets": "a"}, {"rates": [1], "seed": -1},
                 {"rates": {"from": 1, "to": 2}}, {"rates": {"from": 1, "to": 2, "steps": 1}}, {"rate": [1]}]
        changes = [{"targets": [target]} for target in targets] + [{"load": load} for load in loads]
        changes += [{"targets": []}, {"repeats": 0}, {"order": "shuffled"}, {"quick": []}, {"name": ""}, {"more": 1},
                    {"backend": {"mode": "managed"}}, {"backend": {"profile": {"hold_log": "a"}}},
                    {"backend": {"profile": {"delay": {"mean": 50}}}}]
        self.schema.validate(self.least)
        for change in changes:
            self.assertTrue(refused(self.schema, self.least, **change), change)


def key_tables(path: str) -> list[dict[str, str]]:
    """The tables of keys in a document: of each row the keys, and what holds if they are not given."""
    tables = []
    for table in (ROOT / path).read_text().split("| key | is | if not given |\n|---|---|---|\n")[1:]:
        rows = [line.split(" | ") for line in table.split("\n\n")[0].splitlines()]
        tables.append({key: row[-1] for row in rows for key in re.findall("`([^`]+)`", row[0])})
    return tables


class ExperimentDocument(unittest.TestCase):
    """docs/experiments.md has a table of the keys of each object of an experiment file."""
    schema = read("experiments/experiment.schema.json")

    def resolved(self, schema: dict) -> dict:
        name = schema.get("$ref", "").removeprefix("#/$defs/")
        return {**self.schema["$defs"][name], **schema} if name else schema

    def objects(self) -> list[dict]:
        whole = self.resolved(self.schema)
        return [whole, *(self.schema["$defs"][name] for name in ("server", "command", "running")),
                whole["properties"]["backend"], self.resolved(whole["properties"]["load"])]

    def find(self, schema: dict, key: str) -> dict:
        for name in key.split("."):
            schema = self.resolved(schema["properties"][name])
        return schema

    def test_has_every_key_with_its_default(self):
        tables = key_tables("docs/experiments.md")
        self.assertEqual(len(tables), len(self.objects()))
        for table, schema in zip(tables, self.objects()):
            keys = {key.split(".")[0] for key in table} | {"$schema", "name"}
            self.assertEqual(keys, {"$schema", "name", *schema["properties"]})
            for key, otherwise in table.items():
                default = self.find(schema, key).get("default")
                if default not in (None, "", {}):
                    self.assertIn(default if isinstance(default, str) else json.dumps(default), otherwise, key)


class BackendDocument(unittest.TestCase):
    """docs/backend.md has a table of the keys of a profile, and of each object in it."""
    profile = read("config/backend.schema.json")["properties"]["profile"]

    def test_has_every_key_with_its_default(self):
        groups = [self.profile, *(self.profile["properties"][name] for name in ("delay", "faults", "brownout", "slowdown"))]
        tables = key_tables("docs/backend.md")
        self.assertEqual(len(tables), len(groups))
        for table, group in zip(tables, groups):
            self.assertEqual(set(table), set(group["properties"]))
            for key, otherwise in table.items():
                default = group["properties"][key].get("default")
                if default not in (None, "", []):
                    self.assertIn(default if isinstance(default, str) else f"{default:g}", otherwise, key)


class ConfigSchemas(unittest.TestCase):
    named = {"db": {"delay": {"parts": [{"weight": 9, "delay": "10ms"}]}, "faults": {"stall": 1}}, "b-2_c": {}}

    def test_accept_the_samples_and_profiles_of_any_name(self):
        for folder in ("config", "docker/config", "docker/kubernetes/config"):
            for name in ("backend", "server"):
                validator(f"config/{name}.schema.json").validate(read(f"{folder}/{name}.jsonc"))
        validator("config/backend.schema.json").validate({"profiles": self.named})
        validator("config/server.schema.json").validate({"backend": {"profiles": self.named}})

    def test_refuse_what_the_programs_refuse(self):
        schema = validator("config/backend.schema.json")
        wrong = [{"DB": {}}, {"-a": {}}, {"a" * 41: {}}, {"db": {"dely": {}}}, {"db": 1},
                 {"db": {"faults": {"error": 1.1}}}, {"db": {"delay": {"parts": [{"weight": 1}]}}},
                 {"db": {"delay": {"parts": [{"weight": 1, "delay": 5}]}}}, {"db": {"delay": {"alpha": 0}}}]
        for profiles in wrong:
            self.assertFalse(schema.is_valid({"profiles": profiles}), profiles)


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
        return {"schema_version": 2, "all_valid": True, "warnings": ["unlike"], "paired": False, "method": "Welch",
                "figures": figures}

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
