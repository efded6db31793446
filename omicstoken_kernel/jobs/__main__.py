"""``python -m omicstoken_kernel.jobs JOB_ID``: the child process of a background job."""

from __future__ import annotations

import sys

from omicstoken_kernel.context import open_context
from omicstoken_kernel.errors import OmicsTokenError
from omicstoken_kernel.jobs.runner import run
from omicstoken_kernel.logs import new_correlation, set_up_logging
from omicstoken_kernel.settings import load_settings


def main() -> int:
    """Run the job named on the command line; its outcome is in its row."""
    settings = load_settings()
    set_up_logging(settings)
    new_correlation()
    try:
        run(open_context(settings), sys.argv[1])
    except OmicsTokenError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
