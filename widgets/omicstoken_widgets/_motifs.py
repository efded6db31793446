"""Clusters as tiles: number, motif, logo, size; a press shows its peptides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as iw
from markupsafe import Markup

from omicstoken_kernel.charts.palette import UNASSIGNED_LABEL
from omicstoken_kernel.report import words
from omicstoken_widgets._base import html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from omicstoken_kernel.report.motif_cards import MotifCard
    from omicstoken_widgets._picture import Picture

__all__ = ["motif_tiles"]


def motif_tiles(picture: Picture, on_choose: Callable[[str], None]) -> Iterator[iw.Widget]:
    """Yield a tile for each cluster and one for the unassigned, the largest first."""
    peptides = picture.peptides
    for card in picture.cards:
        yield _tile(str(card.id), _card(card), on_choose)
    unassigned = int((peptides["group"] == UNASSIGNED_LABEL).sum())
    if unassigned and picture.cards:
        said = Markup("<div><strong>unassigned</strong> {}, {}</div>").format(
            words.share_of(unassigned, len(peptides)), words.plural(unassigned, "peptide")
        )
        yield _tile(UNASSIGNED_LABEL, said, on_choose)


def _tile(group: str, content: Markup, on_choose: Callable[[str], None]) -> iw.Widget:
    shown = html(content, classes="ot-logo")
    choose = iw.Button(description="Peptides", layout=iw.Layout(width="auto"))
    of = group if group == UNASSIGNED_LABEL else f"cluster {group}"
    choose.tooltip = f"Show only the peptides of {of} on the map and in the table"
    choose.on_click(lambda _button: on_choose(group))
    tile = iw.HBox([shown, choose])
    tile.add_class("ot-tile")
    return tile


def _card(card: MotifCard) -> Markup:
    head = Markup(
        '<div><span class="ot-badge" style="background:{};color:{}">{}</span> '
        '<span class="ot-sequence">{}</span> <strong>{}</strong> {}</div>{}'
    ).format(card.colour, card.on, card.id, card.name, card.share, card.size, card.logo)
    if not card.hla:
        return head
    said = Markup('<div title="{}"><strong>{}</strong> suggested HLA</div>')
    return head + said.format(card.hla_said, card.hla)
