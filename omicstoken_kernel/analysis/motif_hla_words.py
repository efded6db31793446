"""What motifs say about HLA, in words: every sentence is a suggestion and gives its fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omicstoken_kernel.analysis.motif_reference import FEW_LIGANDS, LEAST_FIT
from omicstoken_kernel.analysis.sentences import Sentence
from omicstoken_kernel.analysis.wording import count, listing, p_value, plural, statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from omicstoken_kernel.analysis.motif_hla import ClusterHla, HlaFit
    from omicstoken_kernel.analysis.motif_typing import Typing

__all__ = [
    "group_name",
    "note_on_random_typings",
    "of_cluster",
    "with_one_molecule",
    "without_motif",
]

Evidence = dict[str, float | int | str]

_MOST_NAMED = 4
#: From this much better a fit on, an allele that was not given is worth a word.
_MUCH_BETTER = 0.1
_UNUSUAL = 0.05  # from this p-value on, types fit hardly better than random ones


def group_name(alleles: Sequence[str]) -> str:
    """Return alleles in short, each gene once.

    >>> group_name(["HLA-B*35:08", "HLA-B*35:01", "HLA-C*04:01"])
    'HLA-B*35:08/B*35:01/C*04:01'
    """
    shown = [allele.removeprefix("HLA-") for allele in alleles[:_MOST_NAMED]]
    more = f" and {count(len(alleles) - _MOST_NAMED)} more" if len(alleles) > _MOST_NAMED else ""
    return f"HLA-{'/'.join(shown)}{more}" if alleles else ""


def of_cluster(
    number: int,
    suggested: Sequence[HlaFit],
    nearest: HlaFit,
    p: float,
    *,
    typed: Mapping[str, HlaFit],
    given: Mapping[str, HlaFit],
) -> Sentence:
    """Return what one motif suggests; all ``given`` types have fits, ``typed`` have good ones."""
    evidence: Evidence = {"cluster": number, "fit": nearest.fit, "p_value": p}
    fit = f"fit {statistic(nearest.fit)}, {p_value(p)}"
    only = len(suggested) == 1 and list(typed) == [nearest.allele]
    if suggested:
        names = group_name([each.allele for each in suggested])
        evidence["alleles"] = names
        alike = ", whose motifs are alike" if len(suggested) > 1 else ""
        own = ", one of the sample's HLA types" if only else ""
        text = f"Motif {number} fits {names}{alike}{own} ({fit})."
    else:
        evidence |= {"allele": nearest.allele, "least_fit": LEAST_FIT}
        text = (
            f"Motif {number} fits no known molecule well enough: the nearest is {nearest.allele} "
            f"({fit}; at least {statistic(LEAST_FIT)} is asked for)."
        )
    for each in suggested or [nearest]:
        if each.ligands < FEW_LIGANDS:
            text += f" {each.allele} is known by {plural(each.ligands, 'ligand')} only."
            evidence |= {f"few_{each.allele}": each.allele, f"ligands_{each.allele}": each.ligands}
    if not only:
        text += _of_types(nearest, typed, given, evidence, fits=bool(suggested))
    return Sentence(text, "suggested", evidence)


def _of_types(
    nearest: HlaFit,
    typed: Mapping[str, HlaFit],
    given: Mapping[str, HlaFit],
    evidence: Evidence,
    *,
    fits: bool,
) -> str:
    """Return what the sample's types say about it, with a blank before.

    Where no molecule ``fits`` well enough, none of the types does: the best comes nearest.
    """
    if not given:
        return ""
    if not typed:
        return " None of the sample's HLA types fits it."
    (name, best), *others = typed.items()
    evidence["type"] = name
    text = f" The sample's {name} "
    if best.allele != name:
        evidence["type_allele"] = best.allele
        text += f"(as {best.allele}) "
    if fits:
        text += "fits it" if len(typed) == 1 else "fits it best"
    else:
        text += "comes nearest of its types"
    if best.fit != nearest.fit:
        evidence["type_fit"] = best.fit
        text += f" ({statistic(best.fit)})"
    if others:
        evidence |= {f"other_{other}": other for other, _ in others}
        evidence |= {f"other_fit_{other}": found.fit for other, found in others}
        told = [f"{other} ({statistic(found.fit)})" for other, found in others]
        text += f", {listing(told)} less"
    text += "."
    if nearest.fit - best.fit >= _MUCH_BETTER:
        evidence["better"] = nearest.allele
        text += f" {nearest.allele} fits it much better: is the typing right?"
    return text


def with_one_molecule(found: Iterable[ClusterHla]) -> Iterator[Sentence]:
    """Yield which motifs fit one molecule best: a motif may have been found in two parts."""
    motifs: dict[str, list[int]] = {}
    for each in found:
        if each.suggested:
            motifs.setdefault(each.nearest.allele, []).append(each.cluster)
    for allele, numbers in motifs.items():
        if len(numbers) > 1:
            text = (
                f"Motifs {listing([str(number) for number in numbers])} fit {allele} best, all of "
                "them: they may be parts of one motif, or molecules that are alike."
            )
            evidence: Evidence = {f"motif_{number}": number for number in numbers}
            yield Sentence(text, "suggested", evidence | {"allele": allele})


def without_motif(names: Sequence[str], found: Iterable[ClusterHla]) -> Iterator[Sentence]:
    """Yield which types have no motif of their own, and what that may mean."""
    shared = [name for name in names if any(name in each.typed for each in found)]
    missing = [name for name in names if name not in shared]
    if shared:
        text = (
            f"{listing(shared)} {_has(shared)} no motif of {_their(shared)} own: the ligands may "
            f"share a motif that another type fits better."
        )
        yield Sentence(text, "suggested", {f"type_{name}": name for name in shared})
    if missing:
        text = (
            f"{listing(missing)} {_has(missing)} no motif here. That is no proof of absence: few "
            "ligands make no motif, and those of HLA-C molecules are often few."
        )
        evidence: Evidence = {f"type_{name}": name for name in missing}
        yield Sentence(text, "computed", evidence | {"gene": "HLA-C"})


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _their(names: Sequence[str]) -> str:
    return "its" if len(names) == 1 else "their"


def note_on_random_typings(
    p: float | None, typing: Typing, found: Iterable[ClusterHla]
) -> Iterator[Sentence]:
    """Yield how the given types compare with random ones."""
    if p is None:
        return
    number = len(typing.alleles)
    types = "The HLA type given fits" if number == 1 else f"The {count(number)} types given fit"
    evidence: Evidence = {"p_value": p} if number == 1 else {"types": number, "p_value": p}
    fitting = [name for name in typing.alleles if any(name in each.typed for each in found)]
    if p < _UNUSUAL:
        text = f"{types} the motifs better than random types ({p_value(p)})."
    elif fitting:
        evidence |= {f"type_{name}": name for name in fitting}
        text = (
            f"{types} the motifs, all taken together, no better than random types ({p_value(p)}), "
            f"though {listing(fitting)} {'fits' if len(fitting) == 1 else 'fit'} one."
        )
    else:
        text = (
            f"{types} the motifs no better than random types ({p_value(p)}): the typing may be "
            "another sample's."
        )
    yield Sentence(text, "computed", evidence)
