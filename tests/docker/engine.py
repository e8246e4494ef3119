"""The Docker engine as the tests use it: commands with a deadline, and answers that are waited for."""

import hashlib
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "waitlab-test-" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
LABEL = f"waitlab.test={IMAGE}"  # on all that the tests make; what Compose makes has its own
PROJECT = IMAGE  # Compose's word for all that it makes at once
RUN = ("run", "--label", LABEL)
SKIPPED = 77
PATIENCE_S = 60


def works(*command: str) -> bool:
    return shutil.which(command[0]) is not None and run(*command, check=False).returncode == 0


def run(*command: str, check: bool = True, **options) -> subprocess.CompletedProcess:
    """Runs a command to its end; with `check`, one that fails fails the test with what it said."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=4 * PATIENCE_S, **options)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} exited {done.returncode}:\n{done.stdout}{done.stderr}")
    return done


def docker(*arguments: str) -> str:
    return run("docker", *arguments).stdout.strip()


def skip_without_engine() -> None:
    if shutil.which("docker") is None:
        print("skipped: there is no docker command; install Docker Engine")
        sys.exit(SKIPPED)
    version = run("docker", "version", "--format", "{{.Server.Version}}", check=False)
    if version.returncode != 0:
        print("skipped: no Docker engine answers: " + version.stderr.strip())
        sys.exit(SKIPPED)


def compose_command() -> list[str]:
    """The one that ./lab docker takes as well; empty if there is none."""
    return next((command for command in (["docker", "compose"], ["docker-compose"]) if works(*command, "version")), [])


def until(what: str, condition: Callable[[], object]) -> None:
    """Returns once `condition` holds; fails the test, saying `what` did not come, if it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"after {PATIENCE_S} s still not: {what}")


def fetch(url: str) -> tuple[int, str]:
    """Status and body; status 0 if nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError as error:
        return 0, str(error)
