"""The library that draws charts, put together for the page: offline, once for a kernel."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from threading import Lock

__all__ = ["vega_script"]

_PUT_TOGETHER = """
import sys
import vl_convert
sys.stdout.write(vl_convert.javascript_bundle("window.omicstokenVega = vegaEmbed;"))
"""
_one_at_a_time = Lock()


def vega_script() -> str:
    """Return a module that gives the page ``omicstokenVega``, a megabyte.

    It takes two seconds, which vl_convert keeps the interpreter to itself for: a process of its own
    leaves the kernel free.

    Raises
    ------
    CalledProcessError
        If that process fails.
    """
    with _one_at_a_time:
        return _put_together()


@cache
def _put_together() -> str:
    command = [sys.executable, "-X", "utf8", "-c", _PUT_TOGETHER]
    made = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    return "(()=>{" + made.stdout + "})();\nexport default { initialize() {} };"
