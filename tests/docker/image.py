#!/usr/bin/python3
"""The images of this tree. Run by itself it builds the one that all the tests share."""

import subprocess
import sys

import leftovers
import suite
from engine import IMAGE, LABEL, ROOT


def build(name: str, *arguments: str) -> None:
    """The new one takes the former one's place, which goes away."""
    subprocess.run(["docker", "build", "--force-rm", "--label", LABEL, "--tag", name, *arguments], cwd=ROOT, check=True,
                   stdin=subprocess.DEVNULL)
    leftovers.remove_former_images()


def main() -> None:
    # The stage that compiles gets a name too: without one it could not be told from what others left, and it has to
    # stay, for it spares the next build the compiling.
    build(IMAGE + "-build", "--file=docker/Dockerfile", "--target=build", ".")
    build(IMAGE, "--file=docker/Dockerfile", ".")


if __name__ == "__main__":
    try:
        with suite.clean_engine():
            main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
