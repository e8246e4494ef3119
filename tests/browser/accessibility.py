"""Whether a page can be used by everybody, as far as a machine can tell: names, roles, headings, tables, contrast."""

from pathlib import Path

from browser import Browser

RULES = (Path(__file__).resolve().parent / "accessibility.js").read_text()


def faults(browser: Browser) -> list[str]:
    """What of the page that is open breaks the rules; one line each."""
    return browser.run(RULES)
