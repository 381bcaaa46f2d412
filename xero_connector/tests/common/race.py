import os
import secrets
import threading
import uuid
from contextlib import contextmanager
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from lxml import html
from werkzeug.test import Client

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name

from xero_simulator import testing
from xero_simulator.app import create_app

from .connected import XERO

WORKERS = 6


class RaceCase(BaseCase):
    """Several workers and PostgreSQL's real locks: committed rows, a cursor for everybody."""

    simulator = None

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        if r.url.startswith(XERO):
            return testing.handle(cls.simulator, r)
        return super()._request_handler(s, r, **kw)

    def setUp(self):
        super().setUp()
        # committed data: an organisation that no other test uses, should this one be killed half-way
        type(self).simulator = create_app(seed=secrets.randbits(32))
        self.xero = self.simulator.world
        self.registry = Registry(get_db_name())
        # Odoo's runner holds this lock in the main thread; workers of a server have a registry each
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.startPatcher(patch.dict(os.environ, XERO_CONNECTOR_KEY="a key for tests only"))
        with self._environment() as env:
            parameters = env["ir.config_parameter"]
            self.before = {name: parameters.get_param(name) for name in self._parameters()}
            for name, value in self._parameters().items():
                parameters.set_param(name, value)
            self.company_id = env["res.company"].create({"name": f"Company of a race {uuid.uuid4()}"}).id
            values = {"company_id": self.company_id, "client_id": "demo-client", "client_secret": "demo-secret"}
            self.connection_id = env["xero.connection"].create(values).id
            # once for all workers: patching is not safe in threads
            self.startPatcher(patch.object(env.registry["xero.connection"], "_after_connect", lambda self: None))
        self.addCleanup(self._clean_up)

    def _parameters(self):
        addresses = {f"xero_connector.{name}": XERO for name in ("login_url", "identity_url", "api_url")}
        return {**addresses, "web.base.url": "http://localhost:8069"}

    def _clean_up(self):
        with self._environment() as env:
            for name, value in self.before.items():
                env["ir.config_parameter"].set_param(name, value)
            env["xero.connection"].with_context(active_test=False).search([("company_id", "=", self.company_id)]).unlink()
            # a company with a trail stays: what was committed for this test goes in a way that only the owner of the database has
            env.cr.execute("ALTER TABLE xero_audit DISABLE TRIGGER USER")
            env.cr.execute("DELETE FROM xero_audit WHERE company_id = %s", [self.company_id])
            env.cr.execute("ALTER TABLE xero_audit ENABLE TRIGGER USER")
            env["res.company"].browse(self.company_id).unlink()

    @contextmanager
    def _environment(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _click(self, record, method):
        """A request of its own, as Odoo's server takes it: repeated if another was quicker. Returns the notice that it ends in."""
        with self._environment() as env:
            action = retrying(getattr(env[record[0]].browse(record[1]), method), env)
        return action["params"]

    def _consent(self):
        """Press Connect (a request of its own) and allow it."""
        with self._environment() as env:
            address = urlsplit(env["xero.connection"].browse(self.connection_id).action_connect()["url"])
        browser = Client(self.simulator)
        form = html.fromstring(browser.get(f"{address.path}?{address.query}", base_url=XERO).text).forms[0]
        back = browser.post(address.path, data={**dict(form.form_values()), "action": "allow"}, base_url=XERO)
        return dict(parse_qsl(urlsplit(back.location).query))

    def _complete(self, params):
        with self._environment() as env:
            env["xero.connection"]._complete_authorisation(params)

    def _at_once(self, *works):
        """Let all workers start at the same moment, each with one of these in turn; returns their results or exceptions."""
        barrier, results = threading.Barrier(WORKERS), []

        def run(work):
            barrier.wait(10)
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - what a worker ends with is what the test looks at
                results.append(error)

        threads = [threading.Thread(target=run, args=[works[number % len(works)]], daemon=True) for number in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(len(results), WORKERS)
        return results
