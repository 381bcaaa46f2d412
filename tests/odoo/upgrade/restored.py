"""The database and the simulated Xero of an older version of the module, side by side, and what can be asked of them."""

import lzma
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev import databases, demo, stack
from tests.odoo.upgrade import simulated
from xero_simulator import persistence
from xero_simulator.store import Table

HERE = Path(__file__).parent
KEY = "the key of the upgrade test"
DIE = """
    CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$
"""
# what a job or a binding is about, whatever its kind is called by then
PAIRS = "SELECT id, res_model, res_id, xero_id, xero_status, payment_id, date, xero_total, number, last_sync FROM xero_binding ORDER BY id"


class Restored:
    """One restored database; Xero's state beside it in a file."""

    def __init__(self, version, database, folder):
        self.database, self.state = database, folder / "xero.state"
        self._content = {kind: lzma.decompress((HERE / f"{version}.{kind}.xz").read_bytes()) for kind in ("sql", "json")}
        self.before, self.log = {}, None
        self.ports = {"odoo": stack.free_port(), "xero": stack.free_port()}

    def restore(self):
        databases.drop(self.database)
        databases.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'unicode' LC_COLLATE 'C'", self.database)
        command = ["psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", self.database]
        subprocess.run(command, input=self._content["sql"], env=databases.environment(), stdout=subprocess.DEVNULL, check=True)
        file = persistence.StateFile(self.state)
        file.save(simulated.world(self._content["json"].decode()))
        file.close()
        # documents link back to the address that Odoo had, and has to keep
        [[address]] = self.rows("SELECT value FROM ir_config_parameter WHERE key = 'web.base.url'")
        self.rows("INSERT INTO ir_config_parameter (key, value) VALUES ('web.base.url.freeze', 'True')")
        demo.set_parameters(self.database, urlsplit(address).port, self.ports["xero"])
        self.rows(DIE)
        # nobody is at work on the drafts any more
        self.rows("UPDATE account_move SET write_date = write_date - interval '1 day'")

    def upgrade(self, name):
        """Returns the log."""
        arguments = ["-d", self.database, "-u", "xero_connector", "--stop-after-init", "--no-http"]
        return databases.run_odoo(*arguments, log=stack.LOGS / f"upgrade_{name}.log")

    def die_while_upgrading(self, column, table):
        """An upgrade whose connection ends when it has written a column; as it would after a kill, nothing is tidied up."""
        self.rows(f"CREATE TRIGGER dies AFTER UPDATE OF {column} ON {table} EXECUTE FUNCTION die()")
        try:
            with pytest.raises(SystemExit):
                self.upgrade(f"died_at_{column}")
        finally:
            self.rows(f"DROP TRIGGER dies ON {table}")

    def rows(self, statement):
        return databases.execute(statement, database=self.database)

    def pairs(self):
        return self.rows(PAIRS)

    def sent(self, column):
        """``{id of the binding: fingerprint of what was sent}``."""
        return dict(self.rows(f"SELECT id, {column} FROM xero_binding"))

    def xero_id_of(self, ref):
        pairs = "SELECT m.ref, b.xero_id FROM xero_binding b JOIN account_move m ON b.res_model = 'account.move' AND m.id = b.res_id"
        return dict(self.rows(pairs))[ref]

    def open_jobs(self):
        """``[(state, model, id, number or name of the document, code of the problem), ...]``"""
        return self.rows(
            """SELECT j.state, j.res_model, j.res_id, m.ref, p.code
                 FROM xero_job j LEFT JOIN account_move m ON j.res_model = 'account.move' AND m.id = j.res_id
            LEFT JOIN xero_problem p ON p.id = j.problem_id
                WHERE j.state NOT IN ('done', 'cancelled') ORDER BY j.id"""
        )

    def wait_until_quiet(self, limit=300):
        """Until nothing is on its way to Xero and nothing was asked for."""
        deadline = time.monotonic() + limit
        while any(job[0] in ("pending", "sending", "uncertain") for job in self.open_jobs()):
            assert time.monotonic() < deadline, self.open_jobs()
            stack.pause(1)

    def writing_calls(self):
        """``{address: count}``, as the simulator has counted them since it started."""
        calls = stack.Xero(self.ports["xero"]).state()["calls"]
        return {name: count for name, count in calls.items() if not name.startswith("GET") and "/identity" not in name}

    def xero(self):
        """``{table: {id: row}}`` of what the simulated organisation holds."""
        [organisation] = persistence.load(self.state).organisations.values()
        tables = {name: table for name, table in vars(organisation).items() if isinstance(table, Table)}
        return {name: {row[table.id_field]: row for row in table} for name, table in tables.items()}
