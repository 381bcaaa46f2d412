from unittest.mock import patch

from odoo import Command

from xero_simulator.control_organisation import change_organisation

from .push import XeroPushCommon

LOG = "odoo.addons.xero_connector"


class EngineCase(XeroPushCommon):
    def _runs(self, times=1):
        for _n in range(times):
            self._run()
            self._later()

    def _sent(self, method, path):
        """How many calls we made, also those that never reached Xero."""
        own = [("connection_id", "=", self.connection.id), ("method", "=", method), ("path", "like", path)]
        return self.env["xero.call"].search_count(own)

    def _open_problems(self):
        return self.env["xero.problem"].search([("connection_id", "=", self.connection.id), ("state", "=", "open")])

    def _usd(self, rates=(("2026-01-01", 0.65),)):
        self.xero.organisation("AU").add_currency("USD")
        self.connection._read_reference_data()
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": day, "rate": rate, "company_id": self.env.company.id}) for day, rate in rates]
        return usd

    def _while_sending(self, method, path, action):
        """Do ``action`` in the moment in which Xero is asked."""
        handler = type(self)._request_handler.__func__
        done = []

        def between(cls, s, r, /, **kw):
            if not done and r.method == method and path in r.url:
                done.append(True)
                action()
                self.env.flush_all()
            return handler(cls, s, r, **kw)

        return patch.object(type(self), "_request_handler", classmethod(between))


class BadInputCase(EngineCase):
    def _run(self):
        """A run that says nothing in the log: whatever happens to a document is told on the document."""
        with self.assertNoLogs(LOG, "WARNING"):
            super()._run()

    def _change(self, **changes):
        """What somebody does by hand in Xero."""
        change_organisation(self.xero.organisation("AU"), changes, self.xero.now())

    def _by_hand(self, table, key, **changes):
        rows = getattr(self.xero.organisation("AU"), table)
        rows.put({**rows.get(key), **changes})

    def _reason(self, record):
        return f"{record.xero_message} {record.xero_messages or ''}"

    def _assert_stands(self, record, *words, state="failed"):
        """The document is held or failed, and says why in words that name what was done by hand."""
        self.assertEqual(record.xero_state, state, self._reason(record))
        self.assertTrue(record.xero_problem_id, "it stands behind a problem")
        for word in words:
            self.assertIn(word, self._reason(record))

    def _assert_healthy(self):
        """The engine goes on: the connection stands, and another document goes through."""
        self.assertEqual(self.connection.state, "connected", self.connection.state_message)
        other = self._invoice(12)
        self._run()
        self._assert_in_step(other)
