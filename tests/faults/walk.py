"""One process that walks a file from upload to export; killed and run again by the tests.

Usage: python walk.py HOME FILE OUT [DATABASE_URL]
"""

from __future__ import annotations

import sys
from pathlib import Path

from omicstoken_kernel import jobs, pipeline
from omicstoken_kernel.context import open_context
from omicstoken_kernel.settings import load_settings


def main() -> None:
    home, file, out, *rest = sys.argv[1:]
    settings = load_settings(
        home=home, user="walker", embedder="anchor", database_url=rest[0] if rest else ""
    )
    # The test counts from this line on: what comes before is only imports.
    print("ready", flush=True)
    ctx = open_context(settings)
    run = pipeline.ingest(ctx, Path(file)).runs[0]
    jobs.do(ctx, "embed", {"run_ids": [run.id]}, subject=run.id)
    pipeline.fingerprint(ctx, [run.id])
    pipeline.export(ctx, run.id, Path(out))
    print("done", flush=True)


if __name__ == "__main__":
    main()
