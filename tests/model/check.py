#!/usr/bin/python3
"""Searches the model of the barrier with Debian's spin.

usage: check.py holds PLACES LIVES   every property holds, with so many places and lives at once
       check.py finds MUTATION       the property that this fault of the model is meant for finds it

`holds` tells how much was searched. It fails where a property does not hold, with the story of how that comes about,
and where the search was not exhaustive.
"""

import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

MODEL = Path(__file__).resolve().parent
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

LIMITS = ("-m100000", "-w20")  # steps of the longest story; the hash table, which grows
# No warnings, as what spin writes is not ours; nothing for fairness, which is not assumed; and no partial-order
# reduction, which finds nothing to leave out where every step is seen by all.
COMPILED = ("-w", "-DNOFAIR", "-DNOREDUCE", "-DMEMLIM=2000")  # MB
SECONDS_TO_SHORTEN = 60

PROPERTY = re.compile(r"^  :: always\((\w+),|^ltl (\w+)", re.MULTILINE)
MUTATION = re.compile(r"^#define (\w+) \d+ +/\* (\w+): (.*) \*/$", re.MULTILINE)
FULL_SEARCH = re.compile(r"^Full statespace search for:$", re.MULTILINE)
LIMIT_REACHED = re.compile(r"Search not completed|max search depth too small|out of memory|memory bound|-DMEMLIM")
NO_FAULT = re.compile(r"errors: 0$", re.MULTILINE)
STATES = re.compile(r"(\d+) states, stored")
SECONDS = re.compile(r"elapsed time ([\d.]+) seconds")
BROKEN_ALWAYS = re.compile(r"^pan:\d+: assertion violated (.*) \(at depth", re.MULTILINE)
BROKEN_SOME_DAY = re.compile(r"^pan:\d+: acceptance cycle", re.MULTILINE)
SOME_DAY = "everyone_ends"  # the one property that is no assertion
NOT_OF_THE_STORY = re.compile(r"ltl |Never claim moves")


def skip_without_spin() -> None:
    for program in ("spin", "gcc"):
        if shutil.which(program) is None:
            print(f"skipped: {program} is missing; apt-get install {program}")
            sys.exit(77)


class Search:
    """A search of the model with these definitions, in a folder of its own."""

    def __init__(self, folder: str, optimise: str, only: str = "", **definitions: object) -> None:
        """`only`: of the properties that hold always, or all of them."""
        self.folder = Path(folder)
        self.definitions = [f"-D{name}={value}" for name, value in definitions.items()]
        for file in MODEL.glob("*.pml"):
            text = file.read_text()
            (self.folder / file.name).write_text(re.sub(rf"^  :: always\((?!{only}).*\n", "", text, flags=re.MULTILINE))
        self.command("spin", "-a", *self.definitions, "barrier.pml", check=True)
        self.compile(optimise)

    def compile(self, *options: str) -> None:
        self.command("gcc", *COMPILED, *options, "-o", "pan", "pan.c", check=True)

    def command(self, *words: str, check: bool = False, patience: float | None = None) -> str:
        done = subprocess.run(words, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=patience)
        if check and done.returncode != 0:
            sys.exit(f"{' '.join(words)} failed:\n{done.stdout}")
        return done.stdout

    def run(self, *options: str) -> str:
        return self.command("./pan", *LIMITS, *options)

    def story(self) -> str:
        """What led to the fault that was found, shortened as far as that goes in the time."""
        self.compile("-O1", "-DREACH")
        try:
            self.command("./pan", *LIMITS, "-a", "-i", patience=SECONDS_TO_SHORTEN)
        except subprocess.TimeoutExpired:
            pass  # the shortest by then has been written
        told = self.command("spin", "-t", "-T", *self.definitions, "barrier.pml").splitlines()
        return "\n".join(line for line in told if not NOT_OF_THE_STORY.match(line))


def mutations() -> dict[str, tuple[str, str]]:
    """Of each the property that is meant to find it, and the fault."""
    return {name: (by, fault) for name, by, fault in MUTATION.findall((MODEL / "barrier.pml").read_text())}


def untried_properties() -> set[str]:
    """Those that no mutation is meant for."""
    held = {always or some_day for always, some_day in PROPERTY.findall((MODEL / "properties.pml").read_text())}
    return held - {by for by, _ in mutations().values()}


def broken_properties(told: str) -> set[str]:
    return set(BROKEN_ALWAYS.findall(told)) | ({SOME_DAY} if BROKEN_SOME_DAY.search(told) else set())


def is_exhaustive(told: str) -> bool:
    """Whether a search has seen all there is without a fault."""
    return bool(FULL_SEARCH.search(told) and NO_FAULT.search(told)) and not LIMIT_REACHED.search(told)


def holds(folder: str, places: str, lives: str) -> str:
    """Why they do not all hold; empty if they do."""
    if untried := untried_properties():
        return f"no mutation shows that these can fail: {', '.join(untried)}"
    search = Search(folder, "-O2", PLACES=places, LIVES=lives)
    told = search.run("-a")
    if broken := broken_properties(told):
        return f"{' and '.join(broken)} does not hold:\n{search.story()}"
    if not is_exhaustive(told):
        return f"the search was not exhaustive; spin says:\n{told}"
    states, seconds = STATES.search(told), SECONDS.search(told)
    print(f"{places} places, at most {lives} workers at once: all properties hold, in {int(states[1]):,} states "
          f"({float(seconds[1]):.1f} s)")
    return ""


def finds(folder: str, name: str) -> str:
    """Why the mutation shows nothing; empty if it is found as it is meant to be."""
    if name not in mutations():
        return f"there is no mutation {name}; barrier.pml has {', '.join(mutations())}"
    by, fault = mutations()[name]
    if by == SOME_DAY:
        told = Search(folder, "-O0", MUTATION=name).run("-a", "-A")
    else:
        told = Search(folder, "-O0", only=by, MUTATION=name).run("-noclaim")
    if broken_properties(told) != {by}:
        return f"{by} does not find {name} ({fault}); spin says:\n{told}"
    print(f"{name} ({fault}): found by {by}")
    return ""


def main() -> int:
    questions = {"holds": (holds, 2), "finds": (finds, 1)}
    question, count = questions.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if question is None or len(sys.argv) != 2 + count:
        sys.exit(__doc__)
    skip_without_spin()
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="waitlab-model-") as folder:
        why = question(folder, *sys.argv[2:])
    if why:
        print(why)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
