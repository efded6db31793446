"""How tests are shared out among processes.

What is dear to set up is set up once: the tests that need it stay together, in one process. What
takes long begins first, or one process would still be at it when the others have nothing to do.
``make test`` hands tests out by these groups.
"""

import pytest

# Fixtures that take seconds and are shared by several tests.
_DEAR = ("built", "workspace", "demo", "rejected_file")


def pytest_collection_modifyitems(items):
    """Group the tests, and put those marked ``slow`` first; the order is otherwise kept."""
    for item in items:
        for name in _DEAR:
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(name))
                break
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
