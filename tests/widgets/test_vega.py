"""What draws the charts on the page."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from omicstoken_widgets._vega import _put_together, vega_script


def test_the_kernel_stays_free_while_the_charts_library_is_put_together():
    _put_together.cache_clear()
    longest = 0.0
    with ThreadPoolExecutor(1) as pool:
        made = pool.submit(vega_script)
        last = time.perf_counter()
        while not made.done():
            time.sleep(0.01)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now
    assert "omicstokenVega" in made.result()
    # vl_convert lets no other thread work for two seconds.
    assert longest < 1.0
    assert vega_script() is made.result()
