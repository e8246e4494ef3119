#!/usr/bin/python3
"""The checks of `./lab lint`: house rules, includes, formatting, clang-tidy, shell and Python scripts. Needs a configured
build.

clang-tidy reads the sources in the units they are compiled in, as most of its time goes to the headers they share. To it
a source that is included is a header, in which it looks for less, so it gets the texts of a unit joined to one file.

A unit that clang-tidy found clean leaves a stamp, named for all that its verdict hangs on: its own text, that of the
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
import includes  # noqa: E402
from sources import FOLDERS, formatted_files, project_files  # noqa: E402

INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def output_of(command: list[str]) -> tuple[bool, str]:
    """Whether a command succeeded, and all it said."""
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode == 0, done.stdout.strip() or done.stderr.strip()


def check_house() -> str:
    return "\n".join(map(str, house_rules.check(ROOT)))


def check_includes() -> str:
    return "\n".join(map(str, includes.check(ROOT)))


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


def closure(sources: list[Path]) -> list[Path]:
    """The sources and every file of the project they include, directly or not."""
    seen = set(sources)
    pending = list(sources)
    while pending:
        for file in text_and_includes(pending.pop())[1]:
            if file not in seen:
                seen.add(file)
                pending.append(file)
    return sorted(seen)


class Unit:
    """Sources that are compiled together, as CMake has them in a file of #include lines, and the file that joins them."""

    def __init__(self, listed: Path, command: str, build: Path) -> None:
        self.sources = text_and_includes(listed)[1]
        place = listed.relative_to(build)
        self.joined = build / "joined" / place.parts[0] / f"{place.parent.parent.stem}.{listed.stem}.cpp"
        self.command = command.replace(str(listed), str(self.joined))

    def __str__(self) -> str:
        first, others = self.sources[0].relative_to(ROOT), len(self.sources) - 1
        return f"{first} and {others} more" if others else str(first)

    def join(self) -> None:
        self.joined.parent.mkdir(parents=True, exist_ok=True)
        self.joined.write_bytes(b"".join(map(Path.read_bytes, self.sources)))

    def name_sources(self, said: str) -> str:
        """What was said of the joined file, said of the sources."""
        lines = [f"{source}:{number}" for source in self.sources
                 for number in range(1, source.read_bytes().count(b"\n") + 1)]
        return re.sub(rf"{re.escape(str(self.joined))}:(\d+)", lambda place: lines[int(place[1]) - 1], said)


class Tidy:
    """clang-tidy over the units of one build, with a memory of those found clean."""

    def __init__(self, build: Path, stamps: Path) -> None:
        self.build = build
        self.stamps = stamps
        self.stamps.mkdir(parents=True, exist_ok=True)
        rules = (ROOT / ".clang-tidy", ROOT / "tests" / ".clang-tidy")
        self.rules = b"".join(map(Path.read_bytes, rules)) + output_of(["clang-tidy", "--version"])[1].encode()
        self.units = self.units_of_build()

    def units_of_build(self) -> list[Unit]:
        entries = json.loads((self.build / "compile_commands.json").read_text())
        units = [Unit(Path(entry["file"]), entry["command"], self.build) for entry in entries
                 if Path(entry["file"]).parent.name == "Unity"]
        return [unit for unit in units if unit.sources and all(map(self.is_ours, unit.sources))]

    @staticmethod
    def is_ours(file: Path) -> bool:
        return file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in FOLDERS

    def stamp(self, unit: Unit) -> Path:
        key = hashlib.sha256(self.rules + unit.command.encode())
        for file in closure(unit.sources):
            key.update(str(file.relative_to(ROOT)).encode() + text_and_includes(file)[0])
        return self.stamps / key.hexdigest()

    def join(self, units: list[Unit]) -> None:
        """Writes what clang-tidy is to read, with the rules that hold there."""
        folder = self.build / "joined"
        for unit in units:
            unit.join()
        (folder / "tests").mkdir(parents=True, exist_ok=True)
        (folder / "tests" / ".clang-tidy").write_bytes((ROOT / "tests" / ".clang-tidy").read_bytes())
        commands = [{"directory": str(self.build), "file": str(unit.joined), "command": unit.command} for unit in units]
        (folder / "compile_commands.json").write_text(json.dumps(commands))

    def check_one(self, unit: Unit) -> str:
        good, said = output_of(["clang-tidy", "--quiet", "-p", str(self.build / "joined"), str(unit.joined)])
        if good:
            self.stamp(unit).touch()
        return "" if good else unit.name_sources(said)

    def check(self) -> str:
        stale = [unit for unit in self.units if not self.stamp(unit).exists()]
        print(f"   {len(stale)} of {len(self.units)} units to check", flush=True)
        self.join(stale)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            verdicts = []
            for count, (unit, verdict) in enumerate(zip(stale, pool.map(self.check_one, stale)), start=1):
                print(f"   [{count}/{len(stale)}] {unit}{': faults' if verdict else ''}", flush=True)
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
    checks = (("house rules", check_house), ("includes", check_includes), ("clang-format", check_format),
              ("shellcheck", check_shell), ("Python syntax", check_python), ("clang-tidy", tidy.check))
    faulty = [name for name, check in checks if not run(name, check)]
    print(f"lint: faults in {', '.join(faulty)}" if faulty else "lint: all clean")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main())
