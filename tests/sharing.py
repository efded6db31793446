"""How tests are shared out among processes.

What is dear to set up is set up once: the tests that need it stay together, in one process. What
takes long begins first, or one process would still be at it when the others have nothing to do.
``make test`` hands tests out so.
"""

import pytest

#: Modules whose tests share something dear: the name they stay together by, and their seconds.
_TOGETHER = {
    "tests/test_wheel.py": ("wheel", 120),
    "tests/browser/test_insight_page.py": ("pages", 60),
    "tests/browser/test_comparison_page.py": ("pages", 60),
    "tests/unit/training/test_split.py": ("split", 20),
    "tests/unit/ingest/test_ingest_rejections.py": ("rejections", 20),
    "tests/widgets/test_screens.py": ("screens", 20),
}
#: Seconds of a test that is marked ``slow``, where the mark does not say.
_SLOW = 20


def _module(nodeid):
    return nodeid.partition("::")[0]


def _seconds(item):
    """Return how long a test, or all that stay together with it, roughly take; 0 for a moment."""
    slow = item.get_closest_marker("slow")
    alone = slow.kwargs.get("seconds", _SLOW) if slow else 0
    return max(alone, _TOGETHER.get(_module(item.nodeid), ("", 0))[1])


def pytest_collection_modifyitems(items):
    """Put the longest first; the order is otherwise kept."""
    items.sort(key=_seconds, reverse=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep together what belongs together.

    By module: pytest-xdist's own mark for groups is lost with pytest 9, which asks a test for its
    name elsewhere than where pytest-xdist writes the group.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Together(LoadGroupScheduling):
        def _split_scope(self, nodeid):
            return _TOGETHER.get(_module(nodeid), (nodeid, 0))[0]

    return Together(config, log)
