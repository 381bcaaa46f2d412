"""What happens to Odoo's database as a whole: an older backup takes its place, or a copy of it runs beside it."""

import contextlib

from dev import stack
from tests.faults import books, fleet
from tests.faults.lost_time import LostTime
from tests.faults.postgres import HOME

COPY_RUNS = 12  # seconds, in which the scheduled actions of the copy are pressed too
NEWEST_CALL = "SELECT coalesce(max(id), 0) AS number FROM xero_call"
# what the copy would send: its invoice is in Xero if anything has this in its reference
COPIED = "Only in the copy"


class Databases:
    """``lost``: what the restored database has forgotten, or None; ``errors``: what a copy has done that it may not."""

    def __init__(self, fleet_, postgres, database, companies, admin, query):
        self._fleet, self._postgres, self._database, self._companies = fleet_, postgres, database, companies
        self._admin, self._query = admin, query
        self.people, self.administrator, self.lost, self.errors, self._before = [], None, None, [], None

    # === AN OLDER BACKUP === #

    def back_up(self):
        self._before = self._fleet.xero.state()
        self._postgres.dump(self._database, HOME / "backup.dump")

    def restore(self):
        """Nobody is at work, and the administrator answers the question that the database asks for each company before anything else."""
        with self.administrator.at_work:
            self._restore()

    def _restore(self):
        for server in self._fleet.servers:
            server.kill()
        self._postgres.drop_only(self._database)
        self._postgres.load(HOME / "backup.dump", self._database)
        self.lost = LostTime(self._before, self._fleet.xero.state(), self._query)
        for person in self.people:
            person.forget(self._query)
        self._fleet.start_missing()
        self._fleet.wait_until_up()
        for company in self._companies:
            self._go_on(company)

    def _go_on(self, company):
        """First nothing is sent; then the administrator says that this is the original.

        Whose consent was gone in the backup has no tokens, and calls nobody: who connects it anew has answered (`test_restored.py`).
        """
        self._admin.work_for(company.company_id)
        [asked] = self._admin.search_read("xero.connection", [("id", "=", company.connection_id)], ["is_database_copy", "state"])
        if not asked["is_database_copy"] and asked["state"] in ("connected", "paused"):
            self.errors.append(f"{company.name}: a restored database did not ask whether it is a copy")
        self._admin.call("xero.connection", "action_continue_here", [company.connection_id])

    # === A COPY === #

    def run_a_copy(self):
        """Somebody works in it, and presses whatever there is to press; the original goes on meanwhile."""
        name = f"{self._database}_copy"
        self._postgres.dump(self._database, HOME / "copy.dump")
        self._postgres.load(HOME / "copy.dump", name)
        try:
            with fleet.odoo("odoo_copy", name, stack.free_port(), self._postgres, 0) as server:
                self._work_in(server, name)
        finally:
            self._postgres.drop(name)

    def _work_in(self, server, name):
        before = self._postgres.query(NEWEST_CALL, database=name)[0]["number"]
        clerk = books.Person(server.ready_url.removesuffix("/web/login"))
        for company in self._companies:
            clerk.work_for(company.company_id)
            self._invoice(clerk, company)
            clerk.call("xero.connection", "action_sync_now", [company.connection_id])
            [cron] = self._postgres.query("SELECT cron_id AS id FROM xero_connection WHERE id = %s", company.connection_id, database=name)
            with contextlib.suppress(RuntimeError):  # its scheduler may be at it
                clerk.call("ir.cron", "method_direct_trigger", [cron["id"]])
        stack.pause(COPY_RUNS)
        calls = self._postgres.query("SELECT method, path FROM xero_call WHERE id > %s", before, database=name)
        self.errors += [f"the copy called Xero: {row['method']} {row['path']}" for row in calls]
        sent = [row for one in self._fleet.xero.state()["organisations"] for row in one["invoices"] if row["Reference"] == COPIED]
        self.errors += [f"the copy's {row['Number']} is in Xero" for row in sent]

    def _invoice(self, clerk, company):
        line = {"name": COPIED, "quantity": 1, "price_unit": 100, "tax_ids": [(6, 0, company.taxes[0])]}
        values = {"move_type": "out_invoice", "partner_id": company.partners[0], "ref": COPIED, "invoice_line_ids": [(0, 0, line)]}
        [move_id] = clerk.call("account.move", "create", [values])
        clerk.call("account.move", "action_post", [move_id])
        clerk.call("account.move", "action_xero_sync", [move_id])
