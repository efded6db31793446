"""A sentence with its grade and the figures it rests on: how every result of analysis speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Grade", "Sentence"]

#: ``observed`` stands in the file, ``computed`` follows from it by a stated method, ``suggested``
#: rests on likeness to something known.
Grade = Literal["observed", "computed", "suggested"]


@dataclass(frozen=True)
class Sentence:
    """One plain sentence.

    ``evidence`` holds every figure in the text, unrounded, by name; shares are 0..1.
    """

    text: str
    grade: Grade
    evidence: dict[str, float | int | str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """Return the sentence as a JSON object."""
        return {"text": self.text, "grade": self.grade, "evidence": self.evidence}
