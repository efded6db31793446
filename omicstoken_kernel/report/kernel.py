"""The child process a report runs in: IPython's kernel with this interpreter, started quickly.

Run as ``python -m omicstoken_kernel.report.kernel -f CONNECTION_FILE``; no kernel has to be
installed for it.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jupyter_client.manager import AsyncKernelManager

__all__ = ["kernel_class", "main", "without_iri_grammar"]

# jsonschema compiles a grammar of internationalised addresses with this package when it is
# imported, which takes a second. Nothing in a report checks such addresses.
_IRI_GRAMMAR = "rfc3987_syntax"


@contextmanager
def without_iri_grammar() -> Iterator[None]:
    """Let imports inside go without jsonschema's check of internationalised addresses."""
    if _IRI_GRAMMAR in sys.modules or "jsonschema" in sys.modules:
        yield
        return
    # How Python marks what is not there.
    sys.modules[_IRI_GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[_IRI_GRAMMAR]


def kernel_class(environment: dict[str, str], folder: Path) -> type[AsyncKernelManager]:
    """Return the manager of a kernel with this environment that leaves nothing outside ``folder``.

    Parameters
    ----------
    environment
        All variables of the child.
    folder
        A private, empty folder with a short path: working directory, connection file and sockets.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    argv = [sys.executable, "-m", __name__, "-f", "{connection_file}"]
    specification = KernelSpec(argv=argv, display_name="OmicsToken report", language="python")

    class ReportKernel(AsyncKernelManager):
        @property
        def kernel_spec(self) -> KernelSpec:
            return specification

        @default("connection_file")
        def _connection_file(self) -> str:
            return str(folder / "kernel.json")

        if sys.platform != "win32":
            # Sockets in a private folder: other users of the machine cannot listen, as on TCP.
            @default("transport")
            def _transport(self) -> str:
                return "ipc"

            @default("ip")
            def _ip(self) -> str:
                return str(folder / "k")

        async def start_kernel(  # type: ignore[override]
            self,
            **options: Any,  # noqa: ANN401 - passed on
        ) -> None:
            # Not in the specification, where dollar signs in values are filled in as templates.
            await super().start_kernel(**{**options, "env": environment, "cwd": str(folder)})

    return ReportKernel


def main() -> None:
    """Run the kernel until it is told to stop."""
    # Like IPython's own launcher: the working directory must not shadow packages.
    if sys.path and sys.path[0] in ("", "."):
        del sys.path[0]
    with without_iri_grammar():
        import altair  # noqa: F401 - what imports jsonschema
    from ipykernel import kernelapp

    options = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]
    kernelapp.launch_new_instance(argv=[*sys.argv[1:], *options])


if __name__ == "__main__":
    main()
