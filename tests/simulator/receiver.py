"""A small receiver of webhooks: verifies as Xero asks, remembers what came, and fails when it is told to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from xero_simulator.webhooks.sender import Reply
from xero_simulator.webhooks.subscriptions import sign


class Receiver:
    """Callable as a sender's `post`, or served over HTTP."""

    def __init__(self, key="secret"):
        self.key, self.posts, self.refuse, self.reply = key, [], 0, None

    def __call__(self, _url, body, headers):
        good = headers["x-xero-signature"] == sign(self.key, body)
        self.posts.append((good, json.loads(body)))
        if self.refuse and good:
            self.refuse -= 1
            return Reply(503)
        return self.reply or Reply(200 if good else 401)

    @property
    def events(self):
        return [event for good, body in self.posts if good for event in body.get("events", ())]

    @property
    def told(self):
        return [(event["eventCategory"], event["eventType"], event["resourceId"]) for event in self.events]

    def serve(self):
        """(server, address) of it over HTTP."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = receiver(self.path, body, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_arguments):
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return server, f"http://127.0.0.1:{server.server_port}/xero/webhook/1"
