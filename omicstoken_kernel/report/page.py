"""An executed report notebook as one HTML file that opens anywhere, without network.

The file carries its own style, its own script, Vega once, every chart as its specification and
every table once as columns. Its content security policy forbids every request and every script but
these, by their digests: text from a file cannot run even if it were ever put in unescaped.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

import omicstoken_kernel
from omicstoken_kernel.charts.palette import RESIDUE_CLASSES
from omicstoken_kernel.errors import ReportError
from omicstoken_kernel.report import words
from omicstoken_kernel.report.sections import MIME, TEMPLATE, render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nbformat import NotebookNode

__all__ = ["PACK_ABOVE", "Part", "page_of", "script_json", "vega_script"]

#: Data of more characters than this are carried compressed.
PACK_ABOVE = 400_000

_SCRIPTS = ("data.js", "figures.js", "selection.js", "drawer.js", "peptides.js", "page.js")
_HIDDEN = "hide"


@dataclass
class Part:
    """A heading of the notebook and all that follows it up to the next."""

    heading: str
    anchor: str
    blocks: list[Markup] = field(default_factory=list)
    named: bool = False


@dataclass
class _Contents:
    """What the notebook's outputs hold together."""

    parts: list[Part]
    figures: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    sections: int = 0


def page_of(notebook: NotebookNode, *, title: str, parameters: Mapping[str, object]) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook
        Executed; its sections and any other outputs are shown in their order.
    title
        Of the page, unless a section gives a better one.
    parameters
        What it was executed with, kept in the page's data.

    Raises
    ------
    ReportError
        If no cell displayed a section: an empty page is never published.
    """
    from omicstoken_kernel.charts.theme import both_grounds

    contents = _read(notebook)
    if not contents.sections:
        msg = "The notebook ran but displayed no section, so there is nothing to publish."
        raise ReportError(msg, "End a cell with one of the sections of omicstoken_kernel.report.")
    data = {
        "figures": contents.figures,
        "tables": contents.tables,
        "theme": both_grounds(),
        "residues": {
            letter: name for name, (letters, _) in RESIDUE_CLASSES.items() for letter in letters
        },
        "parameters": dict(parameters),
        **contents.extra,
    }
    text = script_json(data)
    packed = len(text) > PACK_ABOVE
    scripts = [vega_script(), _page_script()]
    return render(
        "page.html.j2",
        title=contents.extra.get("title", title),
        policy=_policy(scripts),
        style=Markup((TEMPLATE / "page.css").read_text(encoding="utf-8")),
        scripts=[Markup(script) for script in scripts],
        parts=[part for part in contents.parts if part.blocks],
        data=Markup(_packed(text) if packed else text),
        packed=packed,
        version=omicstoken_kernel.__version__,
        made=words.instant(datetime.now(UTC)),
    )


def script_json(value: object) -> str:
    r"""Return a value as JSON that can stand inside a script element: no markup can end it.

    >>> script_json("</script><!--")
    '"\\u003c/script\\u003e\\u003c!--"'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _packed(text: str) -> str:
    # No time stamp inside: the same data give the same bytes.
    return base64.b64encode(gzip.compress(text.encode("utf-8"), 6, mtime=0)).decode("ascii")


@cache
def vega_script() -> str:
    """Return Vega, Vega-Lite and vega-embed as one classic script with a scope of its own.

    Takes more than a second when it is first called in a process.
    """
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return "(()=>{" + bundle.replace("</script", "<\\/script") + "})();"


def _page_script() -> str:
    parts = [(TEMPLATE / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();"


def _policy(scripts: Iterable[str]) -> str:
    """Return the content security policy: these scripts, styles of the page, pictures inside it."""
    digests = " ".join(
        "'sha256-" + base64.b64encode(hashlib.sha256(s.encode("utf-8")).digest()).decode() + "'"
        for s in scripts
    )
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _read(notebook: NotebookNode) -> _Contents:
    """Return the parts of a notebook with everything its sections brought along."""
    contents = _Contents(parts=[Part("", "top")])
    for cell in notebook.cells:
        if _HIDDEN in cell.metadata.get("tags", []):
            continue
        if cell.cell_type == "markdown":
            _add_markdown(contents.parts, cell.source)
        elif cell.cell_type == "code":
            for output in cell.outputs:
                contents.parts[-1].blocks.extend(_blocks(output, contents))
    return contents


def _add_markdown(parts: list[Part], source: str) -> None:
    """Start a part at every second-level heading; what is said below it stands under it."""
    from markdown_it import MarkdownIt

    heading = re.match(r"##\s+(.+)\n?", source)
    if heading:
        source = source[heading.end() :]
        name = heading.group(1).strip()
        parts.append(Part(name, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")))
    if source.strip():
        said = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
        parts[-1].blocks.append(Markup('<div class="say">{}</div>').format(Markup(said)))


def _blocks(output: NotebookNode, contents: _Contents) -> Iterator[Markup]:
    """Yield the markup of one output; a stream or an error is no part of a report."""
    data = output.get("data")
    if data is None:
        return
    if MIME in data:
        payload = data[MIME]
        contents.sections += 1
        if not contents.parts[-1].named:
            # Links between sections use their names, not the words of a heading.
            contents.parts[-1].anchor = payload["name"]
            contents.parts[-1].named = True
        contents.figures.update(payload["figures"])
        contents.tables.update(payload["tables"])
        contents.extra.update(payload.get("extra", {}))
        yield Markup(payload["html"])
    elif any(kind.startswith("application/vnd.vegalite") for kind in data):
        yield _loose_chart(data, contents)
    else:
        yield _plain_output(data)


def _loose_chart(data: NotebookNode, contents: _Contents) -> Markup:
    """Return the place of a chart that a cell displayed by itself."""
    spec = next(data[kind] for kind in data if kind.startswith("application/vnd.vegalite"))
    name = f"chart-{len(contents.figures) + 1}"
    contents.sections += 1
    contents.figures[name] = {"spec": {**spec, "config": {}}, "file_name": name}
    return Markup('<figure class="figure" data-figure="{}"></figure>').format(name)


def _plain_output(data: NotebookNode) -> Markup:
    """Return what any cell may display: HTML of the notebook's author, a picture, text."""
    if "text/html" in data:
        inside = Markup(data["text/html"])
    elif "image/svg+xml" in data:
        inside = Markup(data["image/svg+xml"])
    elif "image/png" in data:
        inside = Markup('<img alt="" src="data:image/png;base64,{}">').format(
            data["image/png"].strip()
        )
    else:
        inside = Markup("<pre>{}</pre>").format(escape(data.get("text/plain", "")))
    return Markup('<div class="output">{}</div>').format(inside)
