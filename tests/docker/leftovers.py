"""What these tests made on the engine, or an interrupted run of them left there: found by its labels, and removed."""

from engine import LABEL, PROJECT, docker, run, until

LABELS = (LABEL, f"com.docker.compose.project={PROJECT}")


def listed(*listing: str) -> list[str]:
    return [found for label in LABELS for found in docker(*listing, "--quiet", "--filter", f"label={label}").split()]


def containers() -> list[str]:
    return listed("ps", "--all")


def networks() -> list[str]:
    return listed("network", "ls")


def gone(found: list[str], *removal: str) -> bool:
    """Whether nothing was found. What Docker is removing already is there a while, and it can't be told again."""
    if found:
        run("docker", *removal, *found, check=False)
    return not found


def remove() -> None:
    """Containers first: their networks can't go before them."""
    until("no container of the tests", lambda: gone(containers(), "rm", "--force", "--volumes"))
    until("no network of the tests", lambda: gone(networks(), "network", "rm"))


def remove_former_images() -> None:
    """Those whose names went to newer ones."""
    for label in LABELS:
        docker("image", "prune", "--force", "--filter", f"label={label}")
