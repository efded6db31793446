"""How tests are shared out among processes.

What is dear to set up is set up once: the tests that need it stay together, in one process. What
takes long begins first, or one process would still be at it when the others have nothing to do.
``make test`` hands tests out by these groups, in this order.
"""

import pytest

#: Fixtures that take seconds and are shared by several tests, with the seconds of all those tests.
_DEAR = {"built": 120, "workspace": 60, "split": 20, "rejected_file": 20}
#: Seconds of a test that is marked ``slow``, where the mark does not say.
_SLOW = 20


def _group(item):
    """Return the dear fixture a test needs, None without."""
    return next((name for name in _DEAR if name in getattr(item, "fixturenames", ())), None)


def _seconds(item):
    """Return how long a test, or the group it belongs to, roughly takes; 0 for a moment."""
    slow = item.get_closest_marker("slow")
    alone = slow.kwargs.get("seconds", _SLOW) if slow else 0
    return max(alone, _DEAR.get(_group(item), 0))


# First, because pytest-xdist reads the groups when its own turn comes.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Group the tests, and put the longest first; the order is otherwise kept."""
    for item in items:
        if name := _group(item):
            item.add_marker(pytest.mark.xdist_group(name))
    items.sort(key=_seconds, reverse=True)
