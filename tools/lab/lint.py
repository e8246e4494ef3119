#!/usr/bin/python3
"""The checks of `./lab lint`: house rules, formatting, clang-tidy, shell and Python scripts. Needs a configured build.

A source that clang-tidy found clean leaves a stamp, named for all that its verdict hangs on: its own text, that of the
project's headers it includes, its compile command, the rules and clang-tidy's version. It is skipped while that holds.
"""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests" / "architecture"))
import house_rules  # noqa: E402
from sources import FOLDERS, formatted_files, project_files  # noqa: E402

INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def output_of(command: list[str]) -> tuple[bool, str]:
    """Whether a command succeeded, and all it said."""
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode == 0, done.stdout.strip() or done.stderr.strip()


def check_house() -> str:
    return "\n".join(map(str, house_rules.check(ROOT)))


def check_format() -> str:
    good, said = output_of(["clang-format", "--dry-run", "-Werror", *map(str, formatted_files(ROOT))])
    places = dict.fromkeys(re.findall(r"^\S+?:\d+(?=:\d+: error)", said, re.MULTILINE))
    hints = [f"{place}: not as .clang-format wants it; ./lab lint --fix formats it" for place in places]
    return "" if good else "\n".join(hints) or said


def check_shell() -> str:
    scripts = [path for path in project_files(ROOT) if path.suffix == ".sh" or first_line(path).endswith("bash")]
    good, said = output_of(["shellcheck", "--external-sources", *map(str, scripts)])
    return "" if good else said


def check_python() -> str:
    findings = []
    for path in project_files(ROOT):
        if path.suffix == ".py":
            try:
                compile(path.read_bytes(), str(path.relative_to(ROOT)), "exec")
            except SyntaxError as error:
                findings.append(f"{error.filename}:{error.lineno}: {error.msg}")
    return "\n".join(findings)


def first_line(path: Path) -> str:
    with path.open("rb") as file:
        return file.readline(80).decode(errors="replace").strip()


@lru_cache(maxsize=None)
def text_and_includes(path: Path) -> tuple[bytes, tuple[Path, ...]]:
    text = path.read_bytes()
    included = (ROOT / name.decode() for name in INCLUDE.findall(text))
    return hashlib.sha256(text).digest(), tuple(file for file in included if file.is_file())


def closure(source: Path) -> list[Path]:
    """The source and every file of the project it includes, directly or not."""
    seen = {source}
    pending = [source]
    while pending:
        for file in text_and_includes(pending.pop())[1]:
            if file not in seen:
                seen.add(file)
                pending.append(file)
    return sorted(seen)


class Tidy:
    """clang-tidy over the sources of one build, with a memory of those found clean."""

    def __init__(self, build: Path, stamps: Path) -> None:
        self.build = build
        self.stamps = stamps
        self.stamps.mkdir(parents=True, exist_ok=True)
        rules = (ROOT / ".clang-tidy", ROOT / "tests" / ".clang-tidy")
        self.rules = b"".join(map(Path.read_bytes, rules)) + output_of(["clang-tidy", "--version"])[1].encode()
        self.commands = self.project_commands()

    def project_commands(self) -> dict[Path, str]:
        entries = json.loads((self.build / "compile_commands.json").read_text())
        commands = {Path(entry["file"]): entry["command"] for entry in entries}
        return {file: command for file, command in commands.items() if file.is_file() and self.is_ours(file)}

    @staticmethod
    def is_ours(file: Path) -> bool:
        return file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in FOLDERS

    def stamp(self, source: Path) -> Path:
        key = hashlib.sha256(self.rules + self.commands[source].encode())
        for file in closure(source):
            key.update(str(file.relative_to(ROOT)).encode() + text_and_includes(file)[0])
        return self.stamps / key.hexdigest()

    def check_one(self, source: Path) -> str:
        stamp = self.stamp(source)
        good, said = output_of(["clang-tidy", "--quiet", "-p", str(self.build), str(source)])
        if good:
            stamp.touch()
        return "" if good else said

    def check(self) -> str:
        stale = [source for source in sorted(self.commands) if not self.stamp(source).exists()]
        print(f"   {len(stale)} of {len(self.commands)} sources to check", flush=True)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            verdicts = []
            for count, (source, verdict) in enumerate(zip(stale, pool.map(self.check_one, stale)), start=1):
                print(f"   [{count}/{len(stale)}] {source.relative_to(ROOT)}{': faults' if verdict else ''}", flush=True)
                verdicts.append(verdict)
        return without_repeats("\n".join(verdicts))


def without_repeats(said: str) -> str:
    """Each finding once, though every source that includes a header tells of its faults."""
    findings = re.split(r"^(?=\S+:\d+:\d+: (?:error|warning))", said, flags=re.MULTILINE)
    return "\n".join(dict.fromkeys(finding.strip() for finding in findings)).strip().replace(f"{ROOT}/", "")


def run(name: str, check) -> bool:
    start = time.monotonic()
    print(f"-- {name}", flush=True)
    said = check()
    if said:
        print(said)
    print(f"   {'faults' if said else 'clean'} ({time.monotonic() - start:.1f} s)", flush=True)
    return not said


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks the project's sources.")
    parser.add_argument("--build", type=Path, required=True, help="a configured build folder")
    parser.add_argument("--stamps", type=Path, required=True, help="where to remember what clang-tidy found clean")
    parser.add_argument("--fix", action="store_true", help="format the sources first")
    options = parser.parse_args()
    if options.fix:
        output_of(["clang-format", "-i", *map(str, formatted_files(ROOT))])
    tidy = Tidy(options.build.resolve(), options.stamps.resolve())
    checks = (("house rules", check_house), ("clang-format", check_format), ("shellcheck", check_shell),
              ("Python syntax", check_python), ("clang-tidy", tidy.check))
    faulty = [name for name, check in checks if not run(name, check)]
    print(f"lint: faults in {', '.join(faulty)}" if faulty else "lint: all clean")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
