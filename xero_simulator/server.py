"""The simulator over HTTP: a thread per connection, connections kept open."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from .app import Simulator


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The application logs for itself."""

    def connection_dropped(self, error: BaseException, environ: dict | None = None) -> None:
        self.close_connection = True


def _server(app: Simulator, host: str, port: int) -> BaseWSGIServer:
    server = make_server(host, port, app, threaded=True, request_handler=Handler)
    server.daemon_threads = True
    return server


def serve(app: Simulator, host: str = "127.0.0.1", port: int = 5055) -> None:
    """Serve until interrupted."""
    app.webhooks.start()
    _server(app, host, port).serve_forever()


@contextmanager
def running(app: Simulator, port: int = 0) -> Iterator[str]:
    """Serve in the background; gives the base address, `http://localhost:<port>`."""
    server = _server(app, "127.0.0.1", port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    app.webhooks.start()
    try:
        yield f"http://localhost:{server.port}"
    finally:
        app.webhooks.stop()
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
