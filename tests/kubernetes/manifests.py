"""docker/kubernetes as kubectl builds it, and the ways to what its objects hold."""

import copy
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api_schema import run
from engine import ROOT

SOURCES = ROOT / "docker/kubernetes"
TOKEN = "0123456789abcdef\n"

# Maps whose keys are whatever their writer likes.
FREE_MAPS = ("annotations", "data", "labels", "limits", "matchLabels", "requests")


def build(token: str | None) -> subprocess.CompletedProcess:
    """What kubectl says to a copy of the sources with this token, or without any."""
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder) / "kubernetes"
        shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns("token"))
        if token is not None:
            (sources / "token").write_text(token)
        return run("kubectl", "kustomize", str(sources), check=token is not None)


def places(value: Any, place: tuple = (), free: bool = False) -> Iterator[tuple[tuple, bool]]:
    """Each place in a document, and whether its last key is free to choose."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield (*place, key), free
        # A Service's selector is a map of labels, that of a Deployment an object which holds one.
        flat = key == "selector" and not any(isinstance(part, dict) for part in inner.values())
        yield from places(inner, (*place, key), key in FREE_MAPS or flat)


def at(document: Any, place: tuple) -> Any:
    for key in place:
        document = document[key]
    return document


def replaced(document: dict, place: tuple, key: Any, value: Any) -> dict:
    """A copy in which `key: value` stands where the place was."""
    changed = copy.deepcopy(document)
    parent = at(changed, place[:-1])
    del parent[place[-1]]
    if isinstance(parent, dict):
        parent[key] = value
    else:
        parent.insert(key, value)
    return changed


class Objects:
    """All that is built, by kind and name."""

    def __init__(self, documents: list[dict]) -> None:
        self.documents = documents

    def of_kind(self, *kinds: str) -> list[dict]:
        return [document for document in self.documents if document["kind"] in kinds]

    def one(self, kind: str, name: str) -> dict:
        (found,) = (document for document in self.of_kind(kind) if document["metadata"]["name"] == name)
        return found

    def job(self, name: str) -> dict:
        return self.one("Job", name)["spec"]

    def templates(self) -> dict[str, dict]:
        """What each pod is made from, by the name of its workload."""
        return {document["metadata"]["name"]: document["spec"]["template"]
                for document in self.of_kind("Deployment", "Job")}


def containers(template: dict) -> list[dict]:
    return [*template["spec"].get("initContainers", []), *template["spec"]["containers"]]


def container(template: dict) -> dict:
    """The only one that is not over before the others start."""
    (found,) = template["spec"]["containers"]
    return found


def option(arguments: list[str], name: str) -> str:
    """The value of --name=value."""
    (found,) = (argument.partition("=")[2] for argument in arguments if argument.startswith(f"--{name}="))
    return found
