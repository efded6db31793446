"""What two readers of one file can be held to: peptides, and where they are modified.

Names of modifications differ (a name, a mass, UniMod's number) where both mean the same, so of a
modification only its place counts.
"""

import hashlib

__all__ = ["Form", "digest", "form_of"]

Form = tuple[str, tuple[int, ...]]


def form_of(proforma: str) -> Form:
    """Return residues and the places of modifications: 0 before the first, -1 behind the last."""
    residues, places, depth, start = "", [], 0, 0
    text = proforma.split("/")[0]
    for at, sign in enumerate(text):
        if sign == "[":
            start = start if depth else at
            depth += 1
        elif sign == "]":
            depth -= 1
            if not depth:
                places.append(-1 if text[start - 1 : start] == "-" else len(residues))
        elif not depth and sign.isalpha():
            residues += sign
    return residues, tuple(sorted(places))


def digest(forms: set[Form]) -> str:
    """Return a short digest of a set of peptides with their places."""
    lines = sorted(f"{residues} {places}" for residues, places in forms)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
