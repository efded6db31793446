"""In CI a skipped test is a failed one: a missing browser must not look like success."""

import os

import pytest


def _fail_if_skipped(report):
    """Turn a report of a skip into a failure where the environment says ``CI=true``."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"In CI nothing is skipped. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    """Look at every test."""
    return _fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    """Look at modules that skip themselves when they are collected."""
    return _fail_if_skipped((yield))
