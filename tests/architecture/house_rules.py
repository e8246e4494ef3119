#!/usr/bin/python3
"""Checks the house rules that can be read off the text of a file.

usage: house_rules.py ROOT
"""

import re
import sys
from pathlib import Path
from typing import Iterator

from sources import CPP, FORMATTED, Finding, Source, project_files, read, report

MAX_LINES = 400
CODE = (*CPP, ".py", ".sh", ".cmake", ".js", ".css", ".pml")
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


# Whoever needs to know what a strategy is asks for its facts (common/facts/strategy_facts.hpp); none is known by its
# name but where the factory has it, in the table of the config's keys, and in lessons, which run experiments of their own
# as a user would. Comments may name one: they are not compared.
FACTORY_SOURCE = "server/strategies/strategy_factory.cpp"
FACTORY_ENTRY = re.compile(r'^ *\{+"([a-z-]+)",', re.MULTILINE)
PROGRAMS = ("backend/", "client/", "common/", "server/")
NAMED_THERE = ("server/strategies/", "server/config.cpp", "client/lessons/")
COMMENT_OR_TEXT = re.compile(
    r"""//[^\n]*|/\*.*?\*/|(?P<raw>R"(?P<mark>[^\s()\\]*)\(.*?\)(?P=mark)")|(?P<text>"(?:\\.|[^"\\\n])*"|"""
    r"""'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""",
    re.DOTALL,
)


def strategy_names(root: Path) -> list[str]:
    """As the factory has them."""
    factory = root / FACTORY_SOURCE
    return FACTORY_ENTRY.findall(factory.read_text(encoding="utf-8")) if factory.is_file() else []


def texts_in(source: str) -> Iterator[tuple[int, str]]:
    """The string literals of C++ or JavaScript, with the numbers of the lines on which they begin."""
    for match in COMMENT_OR_TEXT.finditer(source):
        if text := match["raw"] or match["text"]:
            yield source.count("\n", 0, match.start()) + 1, text


def check_names(source: Source, names: list[str]) -> list[Finding]:
    """A name is one where it is the whole text, or a part of a key or a setting: "strategies.NAME.x", "strategy=NAME"."""
    if not source.path.startswith(PROGRAMS) or source.path.startswith(NAMED_THERE) or not names:
        return []
    named = re.compile(r"""["'`=.](""" + "|".join(map(re.escape, names)) + r""")(?![\w-])""")
    return [
        Finding(source.path, number, f"names the strategy {match[1]}: go by its facts, and let the server know the names")
        for number, text in texts_in("\n".join(source.lines))
        if (match := named.search(text))
    ]


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
    names = strategy_names(root)
    if (root / FACTORY_SOURCE).is_file() and not names:
        findings.append(Finding(FACTORY_SOURCE, 1, "no names are found in its entries; tell FACTORY_ENTRY how they look"))
    for path in project_files(root):
        if path.suffix not in TEXT and path.name not in CODE_NAMES:
            continue
        source = read(root, path)
        findings += check_shape(source, path)
        if path.suffix in FORMATTED:
            findings += check_names(source, names)
        if path.suffix in CPP:
            findings += check_cpp(source, path)
    return findings


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve()), "every house rule holds"))
