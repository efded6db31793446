"""Peptides found in a proteome: 100 000 in 20 400 proteins of 11 million residues.

Claims checked: every peptide is found where it was cut; the search takes under a minute and under
1 GB. Where pyahocorasick is installed its automaton searches the same beside it, and must find the
same places. Proteins are made up with the lengths and residues of the human ones.

    python benchmarks/bench_proteome.py
    python benchmarks/bench_proteome.py --proteins 2000 --peptides 10000
"""

from __future__ import annotations

import argparse
import platform
import resource
import time
from importlib.util import find_spec

import numpy as np

from omicstoken_kernel.analysis.protein_search import ProteinText, find_places
from omicstoken_kernel.chemistry.residues import HUMAN_PROTEOME

CLAIM_S, CLAIM_MB = 60.0, 1024


def made_up(proteins):
    """Return proteins with log-normal lengths around 400 residues."""
    draw = np.random.default_rng(0)
    letters = np.frombuffer("".join(HUMAN_PROTEOME).encode(), "S1")
    share = np.array(list(HUMAN_PROTEOME.values()))
    lengths = np.maximum(draw.lognormal(np.log(400), 0.8, proteins).astype(int), 20)
    drawn = draw.choice(letters, lengths.sum(), p=share / share.sum())
    ends = np.cumsum(lengths)
    return [drawn[end - n : end].tobytes().decode() for end, n in zip(ends, lengths, strict=True)]


def cut(sequences, number):
    """Return distinct peptides of 8 to 15 residues cut from proteins."""
    draw = np.random.default_rng(1)
    found = {}
    while len(found) < number:
        sequence, length = sequences[draw.integers(len(sequences))], int(draw.integers(8, 16))
        at = int(draw.integers(len(sequence) - length))
        found[sequence[at : at + length]] = None
    return list(found)


def by_automaton(peptides, text):
    """Return seconds and places of pyahocorasick's automaton."""
    import ahocorasick

    started = time.perf_counter()
    automaton = ahocorasick.Automaton()
    for peptide in peptides:
        automaton.add_word(peptide, peptide)
    automaton.make_automaton()
    places = sum(1 for _ in automaton.iter(text.letters.tobytes().decode()))
    return time.perf_counter() - started, places


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proteins", type=int, default=20_400)
    parser.add_argument("--peptides", type=int, default=100_000)
    asked = parser.parse_args()
    sequences = made_up(asked.proteins)
    peptides = cut(sequences, asked.peptides)
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}")
    residues = sum(map(len, sequences))
    print(f"{len(peptides):,} peptides, {len(sequences):,} proteins, {residues:,} residues")
    started = time.perf_counter()
    text = ProteinText.of(sequences)
    found = find_places(peptides, text)
    seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{seconds:.1f} s, {megabytes:.0f} MB at most, {len(found.peptide):,} places")
    assert len(np.unique(found.peptide)) == len(peptides)
    assert seconds < CLAIM_S, f"over {CLAIM_S} s"
    assert megabytes < CLAIM_MB, f"over {CLAIM_MB} MB"
    if find_spec("ahocorasick"):
        beside, places = by_automaton(peptides, text)
        print(f"pyahocorasick: {beside:.1f} s, {beside / seconds:.1f} times as long")
        assert places == len(found.peptide)


if __name__ == "__main__":
    main()
