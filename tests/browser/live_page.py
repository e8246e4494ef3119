"""What the tests and the pictures of the live page both read of it."""

from browser import Browser

MOMENTS = "return (document.getElementById('area-waiting').getAttribute('d') ?? '').split('L').length / 2;"


def moments(shown: Browser) -> float:
    """Through how many moments, one a frame, the course of the requests is drawn; less than 1 before the first."""
    return shown.run(MOMENTS)
