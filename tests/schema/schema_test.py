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


if __name__ == "__main__":
    unittest.main()
