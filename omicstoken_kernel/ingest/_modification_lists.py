"""Lists of modifications under any header, in tables of unknown origin.

A bare sequence beside a list of modifications that nobody reads would be stored as unmodified. So a
column is taken for such a list by what it is called (``Mod``, ``var_mods``, ``PTM sites``) together
with what it holds, or by its values alone where each of them fits its row's sequence. Where several
could be the one and no one of them names its places, the file is refused until the user has said
which it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from omicstoken_kernel.chemistry.modifications import by_name
from omicstoken_kernel.errors import ParseError
from omicstoken_kernel.ingest._cells import as_text, is_missing
from omicstoken_kernel.ingest._sites import NOTHING_LISTED, read_sited
from omicstoken_kernel.ingest.features import ALPHABET
from omicstoken_kernel.ingest.peptidoforms import read_notation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from omicstoken_kernel.ingest._frame import Frame
    from omicstoken_kernel.ingest._head import Head
    from omicstoken_kernel.ingest.peptidoforms import Notation

__all__ = ["may_list_modifications", "settle_modifications"]

# Parts of words: 'Mod', 'VarMods', 'mod_info', 'ModType', 'PTMs', 'Modifikationen'; not 'Model'.
_CALLED = re.compile(r"(?i:modif)|(?i:ptms?)(?![a-z])|(?i:mods?)(?![a-z])|[Mm]od(?=[A-Z])")
# What is told about modifications, and not which they are. Numbers of them tell that there are any.
_ABOUT = re.compile(
    r"(?i)prob|score|conf|locali[sz]|value|fdr|delta|protein|hash|(?<![a-z])ids?(?![a-z])|informative"
)
_NUMBER_OF = re.compile(r"(?i)count|number|\bnum|#")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:-[^\W\d_]\w*|->[\w-]+)*")
_MASS_OR_ID = re.compile(r"[-+]?\d+\.\d+|(?i:unimod|mod):\d+")
_FLAG = frozenset(("yes", "true", "+", "x", "modified", "y"))
_NUMBER = re.compile(r"[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?")
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_BARE = f"(?i)^[{ALPHABET}]+$"
_SEPARATOR = "\x1f"
_ENOUGH = 50
_MANY = 2000


def may_list_modifications(table: Head, peptides: str | None, notation: Notation) -> list[str]:
    """Return the columns that are called like a list of modifications, or that look like one.

    Parameters
    ----------
    peptides
        The column of sequences, which the values of an unknown column must fit.
    """
    return [
        name
        for name in table.names
        if name != peptides and (_is_called(name) or _fits(table, name, peptides, notation))
    ]


def settle_modifications(frame: Frame, columns: Sequence[str], notation: Notation) -> None:
    """Map the list of modifications, where one of these columns is it, and say so.

    Raises
    ------
    ParseError
        If several columns list modifications, none of them with places, beside bare sequences.
    """
    if "modifications" in frame.options.columns:
        return
    if "modifications" not in frame and "sites" in frame and "sites" not in frame.options.columns:
        columns = [*columns, frame.mapping.pop("sites")]
    taken = set(frame.mapping.values())
    bare = _bare(frame)
    unread = [
        name for name in dict.fromkeys(columns) if name not in taken and not _ABOUT.search(name)
    ]
    values = {name: _filled(frame, name, bare) for name in unread}
    forms = [name for name, found in values.items() if _are_peptidoforms(found, notation)]
    _settle_peptidoforms(frame, {name: values.pop(name) for name in forms})
    lists = {
        name: found
        for name, found in values.items()
        if found and not _NUMBER_OF.search(name) and _looks_like_lists(text for _, text in found)
    }
    if lists and "modifications" not in frame:
        chosen = _one_of(frame, lists, notation)
        frame.mapping["modifications"] = chosen
        frame.warnings.append(
            f"'{chosen}' was read as the list of modifications; name another with "
            '--column modifications="<header>".'
        )
        del values[chosen]
    _warn_of_others(frame, values)


def _is_called(header: str) -> bool:
    called = header.lower() if header.isupper() else header
    return bool(_CALLED.search(called)) or by_name(header) is not None


def _fits(table: Head, name: str, peptides: str | None, notation: Notation) -> bool:
    """Return whether every filled cell lists modifications at places of its row's sequence."""
    if peptides is None:
        return False
    pairs = [
        (sequence, text.strip())
        for sequence, text in zip(table.column(peptides), table.column(name), strict=True)
        if text.strip().lower() not in NOTHING_LISTED and not _NUMBER.fullmatch(text.strip())
    ]
    return bool(pairs) and _all_fit(pairs[:_ENOUGH], notation)


def _all_fit(pairs: Iterable[tuple[str, str]], notation: Notation) -> bool:
    for sequence, text in pairs:
        if not set(sequence.upper()) <= set(ALPHABET):
            return False
        reading = read_sited(sequence.upper(), " ".join(text.split()), notation)
        if reading is None or not reading.proforma:
            return False
    return True


def _bare(frame: Frame) -> Mapping[str, pa.Array]:
    """Return each row's sequence, and where it is nothing but residues."""
    texts = frame.text("modified" if "modified" in frame else "sequence")
    if "modified" in frame and "sequence" in frame:
        texts = pc.if_else(pc.equal(texts, ""), frame.text("sequence"), texts)
    return {"texts": texts, "bare": pc.match_substring_regex(texts, _BARE)}


def _are_peptidoforms(pairs: list[tuple[str, str]], notation: Notation) -> bool:
    """Return whether most cells spell their row's sequence, in whatever notation."""
    first = pairs[:_MANY]
    alike = sum(read_notation(text, notation).sequence == bare.upper() for bare, text in first)
    return bool(first) and 2 * alike >= len(first)


def _settle_peptidoforms(frame: Frame, forms: Mapping[str, list[tuple[str, str]]]) -> None:
    """Read a column that spells the bare sequences again with modifications, if it is one alone."""
    telling = [name for name, pairs in forms.items() if any(bare != text for bare, text in pairs)]
    if not telling or "modified" in frame:
        return
    named = f'--column modified="{telling[0]}"'
    if len(telling) == 1 and "sequence" not in frame.options.columns:
        frame.mapping["modified"] = telling[0]
        frame.warnings.append(f"'{telling[0]}' was read as the modified sequence, as by {named}.")
        return
    shown = ", ".join(f"'{name}'" for name in telling)
    frame.warnings.append(
        f"{shown} spell the sequences with modifications; say {named} to read it."
    )


def _filled(frame: Frame, name: str, bare: Mapping[str, pa.Array]) -> list[tuple[str, str]]:
    """Return the distinct pairs of a bare sequence and what the column says beside it."""
    text = as_text(frame.table.columns[name])
    nothing = pc.is_in(pc.utf8_lower(text), value_set=pa.array(NOTHING_LISTED, text.type))
    says = np.asarray(bare["bare"].to_numpy(zero_copy_only=False), bool) & ~is_missing(text)
    rows = np.flatnonzero(says & ~nothing.to_numpy(zero_copy_only=False))
    rows = pa.array(rows)
    together = pc.binary_join_element_wise(bare["texts"].take(rows), text.take(rows), _SEPARATOR)
    parts = (pair.split(_SEPARATOR) for pair in pc.unique(together).to_pylist())
    return [(sequence, listed) for sequence, listed, *_ in parts]


def _looks_like_lists(texts: Iterable[str]) -> bool:
    """Return whether most values name modifications, weigh them, or say that there is one."""
    distinct = list(dict.fromkeys(texts))[:_MANY]
    return 2 * sum(map(_names_modifications, distinct)) >= len(distinct)


def _names_modifications(text: str) -> bool:
    if text.lower() in _FLAG:
        return True
    if _NUMBER.fullmatch(text):
        return False
    if _MASS_OR_ID.search(text):
        return True
    return any(by_name(word) is not None for word in (text, *_WORD.findall(text)))


def _one_of(frame: Frame, lists: Mapping[str, list[tuple[str, str]]], notation: Notation) -> str:
    if len(lists) == 1:
        return next(iter(lists))
    placed = [name for name, pairs in lists.items() if _all_fit(pairs, notation)]
    if len(placed) == 1:
        return placed[0]
    shown = ", ".join(f"'{name}'" for name in lists)
    first = next(iter(lists))
    msg = f"'{frame.source.name}' has several columns that may list modifications: {shown}."
    raise ParseError(
        msg,
        f'Name the one to read, for example --column modifications="{first}", and the column of '
        "their places, if there is one, with --column sites=<header>.",
    )


def _warn_of_others(frame: Frame, values: Mapping[str, list[tuple[str, str]]]) -> None:
    """Name the columns that say of bare sequences that they are modified, and are not read."""
    named = [name for name, pairs in values.items() if any(_says(text) for _, text in pairs)]
    if not named:
        return
    shown = ", ".join(f"'{name}'" for name in named)
    were = "was" if len(named) == 1 else "were"
    frame.warnings.append(
        f"{shown} may tell of modifications beside bare sequences and {were} not read; say "
        f'--column modifications="{named[0]}" if it lists them.'
    )


def _says(text: str) -> bool:
    """Return whether a cell says more than that there is nothing."""
    if _NUMBER.fullmatch(text):
        return float(text.replace(",", ".")) != 0
    return not _DATE.match(text)
