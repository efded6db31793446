"""Both accounts of a file stand in a report, and add up there."""

from omicstoken_kernel.ingest.features import Ledger
from omicstoken_kernel.report.insight.provenance import ledger_pairs


def test_every_part_of_both_accounts_is_shown_and_adds_up():
    ledger = Ledger(
        rows_in=10, used=5, merged=1, filtered={"decoy": 2}, rejected={"no sequence": 2},
        cells_in=12, features=6, cells_merged=1, cells_empty=2,
        cells_rejected={"quantity is negative": 3},
    )  # fmt: skip
    ledger.check()
    shown = {"rows": [], "cells": []}
    for name, count in ledger_pairs(ledger.as_json()):
        account = "cells" if "cells in" in name or shown["cells"] else "rows"
        shown[account].append((name, int(count)))
    for (_, total), *parts in shown.values():
        assert sum(count for _, count in parts) == total
    assert ("– rejected: quantity is negative", 3) in shown["cells"]
