"""The house, held by reading its source: who may know whom, and what every module owes."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import omicstoken_kernel

KERNEL = Path(omicstoken_kernel.__file__).parent
ROOT = KERNEL.parent

#: From the ground up; a module knows the floors below its own.
FLOORS = (
    ("errors", "settings", "logs", "progress"),
    ("chemistry",),
    ("ingest",),
    ("store", "context", "child"),
    ("embedding",),
    ("index",),
    ("analysis",),
    ("charts",),
    ("export", "report"),
    ("ingested",),
    ("pipeline",),
    ("jobs",),
    ("health", "lab", "annotation_verbs", "selection_verbs"),
    ("workbench",),
    ("demo",),
    ("cli",),
)
FLOOR_OF = {name: floor for floor, names in enumerate(FLOORS) for name in names}
#: Neighbours on one floor that make one thing together.
TOGETHER = ({"errors", "settings", "logs", "progress"}, {"store", "context", "child"})

#: The one place of each library that is heavy, or whose types must not spread.
HOMES = {
    "torch": "embedding",
    "esm": "embedding",
    "faiss": "index",
    "sqlalchemy": "store",
    "sqlmodel": "store",
    "alembic": "store",
    "altair": "charts",
    "papermill": "report",
}
#: Who else may import it, and how: for annotations only, or inside a function.
EXCEPTIONS = {
    ("context.py", "sqlalchemy"): "types",
    ("settings.py", "sqlalchemy"): "function",
    ("report/kernel.py", "altair"): "function",
    ("report/insight/quality.py", "altair"): "types",
    ("report/sections.py", "altair"): "types",
}
#: Functions whose parameters are all choices of their own: a seventh is one more, not a heap.
WIDE = {
    ("analysis/compare.py", "compare"): 7,
    ("analysis/search.py", "search"): 7,
    ("charts/logo.py", "motif_logo"): 7,
    ("charts/maps.py", "peptide_map"): 7,
}
MAX_LINES = 300
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 6


@dataclass(frozen=True)
class Import:
    """One import: the module it stands in, its line, what it names, and when it happens."""

    path: Path
    line: int
    name: str
    when: str  # "start", "function" or "types"

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.name}"


@cache
def sources() -> tuple[Path, ...]:
    """Return the kernel's modules, migrations excepted: Alembic writes those."""
    found = sorted(KERNEL.rglob("*.py"))
    return tuple(path for path in found if "migrations" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> list[Import]:
    """Return every import of a module, those in functions and for annotations included."""
    found: list[Import] = []

    def visit(node: ast.AST, when: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                found.extend(Import(path, child.lineno, name.name, when) for name in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}:{child.lineno}: imports are absolute"
                found.extend(
                    Import(path, child.lineno, f"{child.module}.{name.name}", when)
                    for name in child.names
                )
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                visit(child, "types")
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                visit(child, when if when == "types" else "function")
            else:
                visit(child, when)

    visit(tree_of(path), "start")
    return found


@cache
def all_imports() -> tuple[Import, ...]:
    return tuple(found for path in sources() for found in imports_of(path))


def part_of(path: Path) -> str:
    """Return the part of the house a module belongs to: its folder, or itself at the top."""
    first = path.relative_to(KERNEL).parts[0]
    return first.removesuffix(".py")


def target_of(name: str) -> str | None:
    """Return the part of the house an import names, None if it is none of ours."""
    head, _, rest = name.partition(".")
    if head != "omicstoken_kernel" or not rest:
        return None
    part = rest.partition(".")[0]
    # ``from omicstoken_kernel import Workbench`` goes through the façade to the name's home.
    home = omicstoken_kernel._HOMES.get(part)
    return target_of(home) if home else part


def test_every_part_of_the_house_has_a_floor():
    parts = {part_of(path) for path in sources()} - {"__init__"}
    assert parts == set(FLOOR_OF)


def test_imports_only_go_down():
    wrong = []
    for found in all_imports():
        here, there = part_of(found.path), target_of(found.name)
        if here == "__init__" or there is None or there in (here, "__version__"):
            continue
        beside = any({here, there} <= pair for pair in TOGETHER)
        if not beside and FLOOR_OF[there] >= FLOOR_OF[here]:
            wrong.append(str(found))
    assert wrong == []


def test_each_heavy_library_is_imported_in_one_place():
    wrong = []
    for found in all_imports():
        library = found.name.partition(".")[0]
        home = HOMES.get(library)
        if home is None or part_of(found.path) == home:
            continue
        allowed = EXCEPTIONS.get((found.path.relative_to(KERNEL).as_posix(), library))
        if found.when != allowed:
            wrong.append(str(found))
    assert wrong == []


def test_the_kernel_does_not_know_the_widgets():
    strangers = ("omicstoken_widgets", "tests", "benchmarks", "training", "notebooks")
    assert [str(i) for i in all_imports() if i.name.partition(".")[0] in strangers] == []


def test_private_modules_are_imported_in_their_own_folder_only():
    wrong = []
    for found in all_imports():
        parts = found.name.split(".")
        if parts[0] != "omicstoken_kernel" or found.path == KERNEL / "__init__.py":
            continue
        for place, part in enumerate(parts):
            private = part.startswith("_") and not part.startswith("__")
            owner = KERNEL.joinpath(*parts[1:place])
            if private and owner.is_dir() and owner not in found.path.parents:
                wrong.append(str(found))
    assert wrong == []


def test_tables_are_declared_in_two_modules():
    found = [
        path.relative_to(KERNEL).as_posix()
        for path in sources()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and any(word.arg == "table" for word in node.keywords)
    ]
    assert set(found) == {"store/tables.py", "store/annotation_tables.py"}


@pytest.mark.parametrize("folder", ["omicstoken_kernel", "widgets", "benchmarks", "training"])
def test_no_module_is_longer_than_300_lines(folder):
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: length for path, length in lengths.items() if length > MAX_LINES} == {}


def functions():
    """Yield every function of the kernel with its module."""
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the length of a function's body in lines, its docstring not counted."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def test_no_function_is_longer_than_40_lines():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines_of(node)}"
        for path, node in functions()
        if lines_of(node) > MAX_FUNCTION_LINES
    ]
    assert wrong == []


def parameters_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[list[str], list[str]]:
    """Return a function's positional and keyword-only parameters, without self and the Context."""
    positional = [found.arg for found in (*node.args.posonlyargs, *node.args.args)]
    bare = [name for name in positional if name not in ("self", "cls", "ctx")]
    return bare, [found.arg for found in node.args.kwonlyargs]


def test_no_function_takes_more_than_six_parameters():
    """Commands excepted: their options are parameters."""
    wrong = []
    for path, node in functions():
        most = WIDE.get((path.relative_to(KERNEL).as_posix(), node.name), MAX_PARAMETERS)
        if "cli" not in path.parts and sum(map(len, parameters_of(node))) > most:
            wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert wrong == []


def public_definitions(path: Path):
    """Yield the public functions, classes and methods of a module."""
    for node in tree_of(path).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.startswith("_"):
            continue
        yield node.name, node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def test_every_public_name_has_a_docstring():
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources()
        for name, node in public_definitions(path)
        if not ast.get_docstring(node)
    ]
    wrong += [
        str(path.relative_to(ROOT)) for path in sources() if not ast.get_docstring(tree_of(path))
    ]
    assert wrong == []


def declared(path: Path) -> list[str] | None:
    """Return a module's ``__all__``, None if it has none."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [element.value for element in node.value.elts]
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "__all__":
            return [element.value for element in node.value.elts]
    return None


def bound_names(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update((found.asname or found.name) for found in node.names)
    return names


def is_command(node: ast.AST) -> bool:
    """Return whether a function is a command, known by the app it is registered with."""
    return any(".command(" in ast.unparse(found) for found in getattr(node, "decorator_list", []))


def test_every_module_lists_its_public_names_in_all():
    """A package's ``__init__`` that only holds a docstring has none to list."""
    wrong = []
    for path in sources():
        names = declared(path)
        bare = path.name == "__init__.py" and len(tree_of(path).body) == 1
        if path.name == "__main__.py" or bare:
            continue
        if names is None:
            wrong.append(f"{path.relative_to(ROOT)} has no __all__")
            continue
        missing = set(names) - bound_names(path)
        wrong += [f"{path.relative_to(ROOT)}: {name} is not there" for name in sorted(missing)]
        public = public_definitions(path)
        shown = {name for name, node in public if "." not in name and not is_command(node)}
        hidden = shown - set(names)
        wrong += [f"{path.relative_to(ROOT)}: {name} is not in __all__" for name in sorted(hidden)]
    assert wrong == []


def in_fresh_interpreter(code: str) -> dict[str, object]:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found: dict[str, object] = json.loads(result.stdout)
    return found


MEASURE = """
import json, sys, time
before = set(sys.modules)
started = time.perf_counter()
import omicstoken_kernel
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "loaded": sorted(set(sys.modules) - before)}))
"""


def test_importing_the_package_loads_nothing_heavy_and_takes_no_time():
    runs = [in_fresh_interpreter(MEASURE) for _ in range(5)]
    heavy = {
        *HOMES, "pandas", "tornado", "pyarrow", "numpy", "sklearn", "scipy", "pydantic", "typer",
        "IPython", "nbformat", "lxml",
    }  # fmt: skip
    assert heavy & {name.partition(".")[0] for name in runs[0]["loaded"]} == set()
    # The fastest of five: what the machine does beside it only ever adds.
    assert min(run["seconds"] for run in runs) < 0.3


def test_every_public_name_can_be_used_from_the_top():
    code = (
        "import json, omicstoken_kernel as ot\n"
        "print(json.dumps({name: str(getattr(ot, name)) for name in ot.__all__}))"
    )
    assert set(in_fresh_interpreter(code)) == set(omicstoken_kernel.__all__)


def test_help_on_the_command_line_loads_nothing_heavy():
    code = (
        "import json, sys\nfrom typer.testing import CliRunner\n"
        "from omicstoken_kernel.cli import app\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        "print(json.dumps({'loaded': sorted(sys.modules)}))"
    )
    loaded = {name.partition(".")[0] for name in in_fresh_interpreter(code)["loaded"]}
    assert loaded & {*HOMES, "pandas", "pyarrow", "tornado", "sklearn", "scipy", "numpy"} == set()
