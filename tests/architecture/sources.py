"""The project's own files, and what a rule reports about one of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

FOLDERS = (".ci", "backend", "bench", "client", "cmake", "common", "docker", "docs", "experiments", "server", "tests", "tools")
CPP = (".cpp", ".hpp")
FORMATTED = (*CPP, ".js")


@dataclass(frozen=True)
class Finding:
    path: str  # from the root
    line: int  # from 1
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    path: str  # from the root
    lines: tuple[str, ...]


def project_files(root: Path) -> Iterator[Path]:
    """Every file of the project: those in the root, and all in its folders; nothing built or measured."""
    yield from sorted(path for path in root.iterdir() if path.is_file())
    for folder in FOLDERS:
        yield from sorted(
            path for path in (root / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        )


def cpp_files(root: Path) -> Iterator[Path]:
    return (path for path in project_files(root) if path.suffix in CPP)


def formatted_files(root: Path) -> Iterator[Path]:
    """Those that clang-format has rules for."""
    return (path for path in project_files(root) if path.suffix in FORMATTED)


def read(root: Path, path: Path) -> Source:
    return Source(path.relative_to(root).as_posix(), tuple(path.read_text(encoding="utf-8").split("\n")))


def report(findings: list[Finding], what_holds: str) -> int:
    """Prints the findings, or that all is well; returns the exit code."""
    for finding in findings:
        print(finding)
    print(f"{len(findings)} broken" if findings else what_holds)
    return 1 if findings else 0
