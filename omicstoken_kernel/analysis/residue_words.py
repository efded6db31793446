"""Changes that go with one residue, as a modification made while samples were handled makes them.

The forms of a peptide are added before it is compared, but what was not measured is missing from
the sum: where methionine is oxidised in one condition and not in the other, every peptide seen in
one of its forms only looks changed. Oxidation of M, deamidation of N (Robinson NE, Robinson AB,
PNAS 98:944, 2001) and incomplete alkylation of C are what sample handling is known for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omicstoken_kernel.analysis.abundance import FDR
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, plural, share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from omicstoken_kernel.analysis.abundance import Contrast
    from omicstoken_kernel.analysis.compare import Comparison

__all__ = ["changes_of_a_residue"]

_HANDLING = {
    "M": ("methionine", "oxidation"),
    "N": ("asparagine", "deamidation"),
    "C": ("cysteine", "incomplete alkylation"),
}
# Told where so many peptides with the residue changed, so many times as often as without it, and
# a one-sided exact test gives less than this. By rule: a hint to look, not a result.
_FEWEST_CHANGED, _TIMES, _P = 10, 2.0, 1e-3


def changes_of_a_residue(found: Comparison) -> Iterator[Sentence]:
    """Yield by contrast the residue whose peptides are called changed far more often, if any."""
    for contrast in found.abundance.contrasts:
        if contrast.tested:
            yield from _of_contrast(found, contrast)


def _of_contrast(found: Comparison, contrast: Contrast) -> Iterator[Sentence]:
    from scipy.stats import fisher_exact

    tested = np.isfinite(contrast.q)
    changed = tested & (contrast.q <= FDR)
    ranked = []
    for residue in _HANDLING:
        has = np.array([residue in sequence for sequence in contrast.peptides], dtype=np.bool_)
        numbers = [int((rows & group).sum()) for group in (has, ~has) for rows in (changed, tested)]
        with_it, of_those, without, of_others = numbers
        if not of_others or with_it < _FEWEST_CHANGED:
            continue
        if with_it / of_those < _TIMES * without / of_others:
            continue
        table = [[with_it, of_those - with_it], [without, of_others - without]]
        ranked.append((float(fisher_exact(table, alternative="greater").pvalue), residue, numbers))
    if not ranked or min(ranked)[0] >= _P:
        return
    _, residue, (with_it, of_those, without, of_others) = min(ranked)
    name, cause = _HANDLING[residue]
    side, reference = (found.names[each] for each in (contrast.side, contrast.reference))
    yield Sentence(
        f"Of {plural(of_those, 'tested peptide')} with {name}, {count(with_it)} "
        f"({share(with_it / of_those)}) are called changed between {reference} and {side}; of "
        f"{count(of_others)} without, {count(without)} ({share(without / of_others)}). This is how "
        f"{cause} in one of them looks: peptides seen in one of their forms only seem to change. "
        "Look at the forms before reading these changes as biology.",
        "suggested",
        {
            "residue": name,
            "tested_with": of_those,
            "changed_with": with_it,
            "share_with": with_it / of_those,
            "tested_without": of_others,
            "changed_without": without,
            "share_without": without / of_others,
            "side": side,
            "reference": reference,
        },
    )
