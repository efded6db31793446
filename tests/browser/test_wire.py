"""What a view does when its kernel goes away, in a real browser."""

from __future__ import annotations

import json

from omicstoken_widgets._wire import script

ASK_AND_LOSE = """
async () => {
  const heard = new Map();
  const model = {
    on: (name, listener) => heard.set(name, listener),
    off: () => {},
    send: () => {},
  };
  const ask = requester(model);
  const asked = ask("page").catch((error) => error);
  heard.get("comm_live_update")();
  const later = ask("page").catch((error) => error);
  return JSON.stringify(await Promise.all([asked, later]));
}
"""


def test_a_view_whose_kernel_was_restarted_says_so_at_once(chromium):
    page = chromium.new_page()
    page.add_script_tag(content=script("table.js").partition("function render")[0])
    page.set_default_timeout(5_000)
    for told in json.loads(page.evaluate(ASK_AND_LOSE)):
        assert "restarted" in told["message"]
        assert "Run this cell again" in told["hint"]
    page.close()
