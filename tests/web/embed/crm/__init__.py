"""A page that plays the CRM: amoCRM's widget loader in a stub, and Bitrix24's frame that posts itself open."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_HERE = Path(__file__).parent
WIDGET = """<!doctype html><meta charset="utf-8"><title>amoCRM</title><link rel="stylesheet" href="/style.css">
<body style="margin:0"><div id="right" style="width:320px"></div><div id="list_page_holder"></div>
<script src="/jquery.js"></script><script>
var WORDS = __WORDS__; window.APP = {data: {current_card: {id: 9}}};
function define(names, make) {
  var Widget = make(window.jQuery), one = {};
  one.system = function () { return {area: location.hash === '#page' ? 'advanced_settings' : 'lcard'}; };
  one.get_settings = function () { return {backend: ''}; };
  one.i18n = function (key) { return WORDS[key]; };
  one.render_template = function (told) { document.getElementById('right').innerHTML = told.render; };
  one.$authorizedAjax = function (asked) {
    var later = jQuery.Deferred();
    fetch('/token').then(function (answer) { return answer.text(); }).then(function (token) {
      asked.headers = {'X-Auth-Token': token};
      jQuery.ajax(asked).done(later.resolve).fail(later.reject);
    });
    return later;
  };
  Widget.call(one);
  if (location.hash === '#page') { one.callbacks.advancedSettings(); return; }
  one.callbacks.render(); one.callbacks.init(); one.callbacks.bind_actions();
}
</script><script src="/script.js"></script>"""
FRAME = """<!doctype html><meta charset="utf-8"><title>Bitrix24</title><body style="margin:0">
<iframe name="app" title="app" style="width:100%;height:800px;border:0"></iframe>
<form id="open" method="post" target="app" action="__ACTION__">__FIELDS__</form>
<script>document.getElementById('open').submit();</script>"""
_KINDS = {".js": "text/javascript", ".css": "text/css"}


def widget_page(words: dict[str, str]) -> bytes:
    """amoCRM's card, which loads the widget."""
    return WIDGET.replace("__WORDS__", json.dumps(words)).encode()


def frame_page(action: str, fields: dict[str, str]) -> bytes:
    """Bitrix24's card with our tab opened."""
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    return FRAME.replace("__ACTION__", action).replace("__FIELDS__", inputs).encode()


@contextmanager
def crm(answer: Callable[[str], bytes | None]) -> Iterator[str]:
    """A host of its own for these pages; yields its origin."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (_HERE / "jquery_stub.js").read_bytes() if self.path == "/jquery.js" else answer(self.path)
            self.send_response(200 if body is not None else 404)
            kind = _KINDS.get(Path(self.path).suffix, "text/html; charset=utf-8")
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Tests want quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
