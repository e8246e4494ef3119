#!/usr/bin/python3
"""Checks from the #include lines who may use whom. ROOMS is the map of the house; ARCHITECTURE.md tells its reasons.

usage: arrows.py ROOT
"""

import re
import sys
from pathlib import Path

from sources import Finding, Source, cpp_files, read, report

ANY_PROGRAM = {"backend", "server", "client"}

# Room -> the rooms it may use. A room is a folder, or a file's name without its ending. A file belongs to the longest
# room that holds it. To use a room is to use all that is inside it. Every room may use itself.
ROOMS: dict[str, set[str]] = {
    "common": set(),
    "backend": {"common"},
    "server": {"server", "common"},
    "server/processes": {"server/connection", "server/site", "server/io", "server/telemetry/request_log",
                         "server/counts", "common"},
    "server/strategies": {"server/processes", "server/runtime", "server/site", "server/connection", "server/io", "server/counts",
                          "common"},
    "server/strategies/strategy": {"server/connection", "common"},
    "server/runtime": {"server/strategies/strategy", "server/connection", "server/site", "server/io",
                       "server/counts", "common"},
    "server/runtime/farewell": {"server/connection", "server/handlers", "server/site", "server/io", "server/counts",
                                "common"},
    "server/connection": {"server/site", "server/handlers", "server/http", "server/io", "server/telemetry/request_log",
                          "server/counts", "common"},
    "server/site": {"server/handlers", "server/backend_client", "server/http", "server/io",
                    "server/telemetry/request_log", "server/counts", "common"},
    "server/handlers": {"server/accounts", "server/backend_client", "server/io", "server/http", "server/counts",
                        "common"},
    "server/accounts": {"common"},
    "server/backend_client": {"server/io", "server/counts", "common"},
    "server/io": {"server/counts", "common"},
    "server/http": {"common"},
    "server/counts": {"common"},
    "server/telemetry": {"server/accounts", "server/counts", "common"},
    "server/telemetry/request_log": {"common"},
    "server/admin": {"server/runtime", "server/connection", "server/site", "server/handlers", "server/http",
                     "server/telemetry", "server/accounts", "server/counts", "server/io", "common"},
    "client": {"client", "common"},
    "client/commands": {"client/advice", "client/fleet", "client/lessons", "client/report", "client/check", "client/experiment",
                        "client/explorer", "client/engine", "client/format", "client/judge", "client/logs",
                        "client/schedule", "client/stats", "client/record", "common"},
    "client/lessons": {"client/report", "client/experiment", "client/explorer", "client/engine", "client/format",
                       "client/judge",
                       "client/stats", "client/record", "client/theory", "common"},
    "client/fleet": {"client/report", "client/engine", "client/format", "client/judge", "client/stats",
                     "client/record", "common"},
    "client/report": {"client/format", "client/judge", "client/logs", "client/stats", "client/record",
                      "client/theory", "common"},
    "client/experiment": {"client/engine", "client/format", "client/judge", "client/logs", "client/schedule",
                          "client/stats", "client/record", "common"},
    "client/format": {"client/judge", "client/stats", "client/record", "common"},
    "client/engine": {"client/judge", "client/schedule", "client/stats", "client/record", "common"},
    "client/judge": {"client/stats", "client/record", "common"},
    "client/advice": {"client/judge", "client/stats", "client/record", "client/theory", "common"},
    "client/check": {"client/logs", "client/stats", "client/record", "client/theory", "common"},
    "client/stats": {"client/record", "common"},
    "client/explorer": {"common"},
    "client/logs": {"common"},
    "client/record": {"common"},
    "client/schedule": {"common"},
    "client/theory": set(),
    "tests": {"tests", "common"} | ANY_PROGRAM,
    "tests/unit/common": {"tests/support", "common"},
    "tests/unit/backend": {"tests/support", "backend", "common"},
    "tests/unit/server": {"tests/support", "server", "common"},
    "tests/unit/client": {"tests/support", "client", "common"},
    "bench": {"common"} | ANY_PROGRAM,
}

# Folders whose direct files may use all of the program, but in which a new folder must be given its own arrows.
FOLDERS_OF_ROOMS = ("server", "client")

ASIO_ROOMS = ("common/asio", "backend", "server/io", "server/runtime", "server/strategies",
              "server/admin", "client/engine", "client/fleet", "tests", "bench")
ASIO = re.compile(r"boost/asio(\.hpp|/)")
SOCKETS = re.compile(r"boost/(asio|beast)|sys/socket\.h|netinet/|arpa/inet\.h")
SOCKETLESS_ROOMS = ("client/report", "client/check", "client/format", "client/judge", "client/stats")

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')


def holds(room: str, path: str) -> bool:
    return path.startswith((room + "/", room + "."))


def room_of(path: str) -> str | None:
    rooms = [room for room in ROOMS if holds(room, path)]
    room = max(rooms, key=len, default=None)
    if room in FOLDERS_OF_ROOMS and "/" in path.removeprefix(room + "/"):
        return None
    return room


def may_use(user: str, used_path: str) -> bool:
    return holds(user, used_path) or any(holds(room, used_path) for room in ROOMS[user])


def arrow_broken(room: str, used_path: str) -> str | None:
    used = room_of(used_path)
    if used is None or may_use(room, used_path):
        return None
    allowed = ", ".join(sorted(ROOMS[room])) or "nothing outside itself"
    return f'"{used_path}" makes the arrow {room} -> {used}; {room} may use: {allowed}'


def library_misplaced(room: str, path: str, included: str) -> str | None:
    if room in SOCKETLESS_ROOMS and SOCKETS.match(included):
        return f"<{included}> in {room}: it reads results and holds no sockets"
    if ASIO.match(included) and not any(holds(allowed, path) for allowed in ASIO_ROOMS):
        return f"<{included}> in {room}: only these know Asio: {', '.join(ASIO_ROOMS)}"
    return None


def check_source(source: Source, root: Path) -> list[Finding]:
    room = room_of(source.path)
    if room is None:
        return [Finding(source.path, 1, "is in no room; give its folder one, and its arrows, in ROOMS of arrows.py")]
    findings = []
    for number, line in enumerate(source.lines, start=1):
        if not (include := INCLUDE.match(line)):
            continue
        quote, included = include.groups()
        if quote == '"' and not (root / included).is_file():
            message = f'"{included}" is no file of the project; name it from the root, as "common/result.hpp"'
        else:
            message = arrow_broken(room, included) or library_misplaced(room, source.path, included)
        if message:
            findings.append(Finding(source.path, number, message))
    return findings


def check(root: Path) -> list[Finding]:
    return [finding for path in cpp_files(root) for finding in check_source(read(root, path), root)]


if __name__ == "__main__":
    sys.exit(report(check(Path(sys.argv[1]).resolve()), "every arrow holds"))
