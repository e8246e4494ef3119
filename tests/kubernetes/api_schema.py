#!/usr/bin/python3
"""The schema of Kubernetes' API, from the packages that package.json names. Run by itself it installs them, once.

usage: api_schema.py FOLDER
"""

import json
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "docker"))

from engine import SKIPPED, run  # noqa: E402

LOCK = "package-lock.json"
INSTALL = ("npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--fetch-retries=1")
UNREACHABLE = re.compile(r"code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|E\w*TIMEDOUT)")


@dataclass(frozen=True)
class Judged:
    """A document, None if it cannot be read, and what is wrong with it."""
    document: Any
    faults: list[str]


def skip(reason: str) -> None:
    print("skipped: " + reason)
    sys.exit(SKIPPED)


def skip_without(command: str, package: str) -> None:
    if shutil.which(command) is None:
        skip(f"there is no {command} command; on Debian: apt-get install {package}")


def installed(folder: Path) -> Path:
    """What the folder holds once all is installed: the list of that."""
    return folder / f"installed-{LOCK}"


def install(folder: Path) -> None:
    skip_without("node", "nodejs")
    skip_without("npm", "npm")
    if installed(folder).is_file() and installed(folder).read_bytes() == (HERE / LOCK).read_bytes():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(HERE / name, folder)
    done = run(*INSTALL, check=False, cwd=folder)
    if unreachable := UNREACHABLE.search(done.stderr):
        skip(f"npm cannot reach its registry: {unreachable[1]}")
    if done.returncode != 0:
        sys.exit(f"{' '.join(INSTALL)} failed:\n{done.stderr}")
    shutil.copy(HERE / LOCK, installed(folder))


def judge(folder: Path, documents: str | list[dict]) -> list[Judged]:
    """What is to be said of each document of a YAML stream or a list."""
    is_yaml = isinstance(documents, str)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml" if is_yaml else ".json") as file:
        file.write(documents if is_yaml else json.dumps(documents))
        file.flush()
        said = run("node", str(HERE / "schema.js"), str(folder), file.name).stdout
    return [Judged(**verdict) for verdict in json.loads(said)]


if __name__ == "__main__":
    install(Path(sys.argv[1]))
