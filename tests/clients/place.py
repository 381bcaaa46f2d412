"""In Xero's place, for each client: a simulator of its own, and the proxy through which it is Xero."""

import contextlib
import os
import sys

from steps import CLIENT_ID, CLIENT_SECRET, REDIRECT

from dev import authority, clients, stack


@contextlib.contextmanager
def xero(name):
    """A running simulator and proxy; gives the environment variables with which a client takes them for Xero."""
    port, proxy_port = stack.free_port(), stack.free_port()
    command = [sys.executable, "-m", "dev.tls_proxy", "--port", str(proxy_port), "--target", str(port)]
    proxy_address = f"http://localhost:{proxy_port}"
    with stack.simulator(port, name=f"simulator_{name}"), stack.Process(f"proxy_{name}", command, proxy_address):
        control = stack.Xero(port)
        control.call("POST", "switches", minute_limit=None, demo_email_limit=None)
        control.call(
            "POST", "apps", client_id=CLIENT_ID, client_secret=CLIENT_SECRET, flow="web", redirect_uris=[REDIRECT], name="Another app"
        )
        yield {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ},
            "SIMULATOR": f"http://localhost:{port}",
            "HTTPS_PROXY": proxy_address,
            "REQUESTS_CA_BUNDLE": str(authority.CERTIFICATE),
            "NODE_EXTRA_CA_CERTS": str(authority.CERTIFICATE),
            "NODE_USE_ENV_PROXY": "1",
            "NODE_PATH": str(clients.CLIENTS / name / "node_modules"),
            "PYTHONPATH": str(clients.FOLDER),
        }
