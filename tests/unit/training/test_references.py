"""The reference of HLA molecules in the package is the one its table of ligands gives."""

import json

import numpy as np

from omicstoken_kernel.analysis import motif_reference
from omicstoken_kernel.ingest.hla import normalised_hla
from training.ligands import TABLE_SHA256, read_ligands
from training.references import FEWEST, tables


def test_the_reference_was_made_from_exactly_this_table():
    alleles, counts, ligands = tables(read_ligands())
    shipped = motif_reference.hla_reference()
    assert shipped.alleles == tuple(alleles)
    assert (shipped.ligands == ligands).all()
    own = motif_reference.HlaReference.from_counts(alleles, counts.astype(float), ligands)
    assert np.array_equal(own.shares, shipped.shares)
    assert ligands.min() >= FEWEST


def test_the_reference_names_its_source_and_its_alleles_as_the_nomenclature_does():
    content = motif_reference.PATH.read_bytes()
    about = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
    assert about["table_sha256"] == TABLE_SHA256
    assert "immunotype" in about["source"]
    assert all(normalised_hla(name) == name for name in json.loads(about["alleles"]))
