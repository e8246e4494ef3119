"""What every benchmark does around its measuring: a folder that goes away, Ctrl-C, a failure told in one line."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from peers import BenchError


def run(measure: Callable[[Path], Callable[[], None]]) -> int:
    """Calls `measure` with a folder of its own, and then the report that it returns. The exit code of the program."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="waitlab-bench-"))
    try:
        report = measure(folder)
    except (BenchError, OSError) as error:
        print(f"\nbench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbench: stopped; nothing was kept", file=sys.stderr)
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report()
    return 0
