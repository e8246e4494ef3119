#!/usr/bin/python3
"""Checks the house rules that can be read off the text of a file.

usage: house_rules.py ROOT
"""

import re
import sys
from pathlib import Path

from sources import CPP, Finding, Source, project_files, read, report

MAX_LINES = 400
CODE = (*CPP, ".py", ".sh", ".cmake", ".js", ".css")
CODE_NAMES = ("CMakeLists.txt", "lab", "run")
TEXT = (*CODE, ".json", ".jsonc", ".md", ".txt", ".yml", ".html")

VAGUE_NAME = re.compile(r"util|helper|manager|misc", re.IGNORECASE)
FACTORY = re.compile(r"server/strategies/\w*factory\w*\.cpp")

# Line rules for C++: what is forbidden, why, and the files that may do it all the same.
CPP_LINES = (
    (re.compile(r"\bdetach\s*\("), "a detached thread outlives all that it uses: keep it and join it", None),
    (re.compile(r"\bif\s*\(.*\bstrategy\w*(\(\))?\s*=="), "only the factory asks which strategy it is", FACTORY),
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "finish it, or leave it out", None),
)


def check_shape(source: Source, path: Path) -> list[Finding]:
    findings = [
        Finding(source.path, number, "trailing whitespace")
        for number, line in enumerate(source.lines, start=1)
        if line != line.rstrip()
    ]
    if source.lines[-1] != "" and source.lines != ("",):
        findings.append(Finding(source.path, len(source.lines), "no newline at the end of the file"))
    length = len(source.lines) - 1
    if (path.suffix in CODE or path.name in CODE_NAMES) and length > MAX_LINES:
        findings.append(Finding(source.path, MAX_LINES + 1, f"{length} lines; a file has at most {MAX_LINES}: split it"))
    return findings


def check_cpp(source: Source, path: Path) -> list[Finding]:
    findings = [
        Finding(source.path, number, why)
        for number, line in enumerate(source.lines, start=1)
        for pattern, why, allowed in CPP_LINES
        if pattern.search(line) and not (allowed and allowed.fullmatch(source.path))
    ]
    if VAGUE_NAME.search(path.name):
        findings.append(Finding(source.path, 1, "a vague name: call the file by its topic"))
    if path.suffix == ".hpp" and "#pragma once" not in source.lines:
        findings.append(Finding(source.path, 1, "a header begins with #pragma once"))
    return findings


def check(root: Path) -> list[Finding]:
    findings: list[Finding] = []
    for path in project_files(root):
        if path.suffix not in TEXT and path.name not in CODE_NAMES:
            continue
        source = read(root, path)
        findings += check_shape(source, path)
        if path.suffix in CPP:
            findings += check_cpp(source, path)
    return findings


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve()), "every house rule holds"))
