"""Make what ``tests/odoo/test_upgrade.py`` upgrades from. Run in a checkout of the commit to upgrade from, which has to be set up there:

    git worktree add ../old b7778e2 && cd ../old && make setup
    .dev/venv/bin/python .../tests/odoo/upgrade/make.py

Writes ``<version>.sql.xz`` and ``<version>.json.xz`` beside itself: a database of Odoo with the module as it was then, and what the
simulated Xero holds. All secrets in them are the simulator's; they are encrypted with the key below.
"""

import lzma
import os
import subprocess
import sys
from pathlib import Path

HERE, OLD = Path(__file__).parent, Path.cwd()
sys.path[:1] = [str(OLD), str(HERE)]
os.environ["XERO_CONNECTOR_KEY"] = "the key of the upgrade test"

import simulated  # noqa: E402 - of this commit; all that follows is of the old one

from benchmarks import ground  # noqa: E402
from dev import databases, demo, stack  # noqa: E402
from xero_simulator import persistence  # noqa: E402

DATABASE, COMPANY = "xero_upgrade_from", "Upgraded"
# nothing of it is ours or needed, and most of it is large
DROPPED = (
    "DELETE FROM ir_attachment WHERE url LIKE '/web/assets/%%' OR res_model = 'ir.ui.view' OR res_model IS NULL",
    "UPDATE ir_module_module SET description = NULL, contributors = NULL, maintainer = NULL",
    "DELETE FROM bus_bus",
    "DELETE FROM ir_cron_progress",
    "UPDATE ir_cron SET active = FALSE WHERE id NOT IN (SELECT cron_id FROM xero_connection WHERE cron_id IS NOT NULL)",
    "UPDATE ir_module_module SET icon = NULL",
)


def install():
    databases.drop(DATABASE)
    databases.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'unicode' LC_COLLATE 'C'", DATABASE)
    log = stack.LOGS / f"{DATABASE}.log"
    for modules in ("account,l10n_au", "xero_connector"):
        databases.run_odoo("-d", DATABASE, "-i", modules, "--stop-after-init", "--no-http", "--log-level=warn", log=log)


def prepare_company(env):
    """A company with the Australian chart, and files in the database."""
    env["ir.config_parameter"].set_param("ir_attachment.location", "db")
    company = env.company
    company.write({"name": COMPANY, "country_id": env.ref("base.au").id})
    env["account.chart.template"].try_loading("au", company, install_demo=False)
    env.user.group_ids += env.ref("account.group_account_user") + env.ref("analytic.group_analytic_accounting")
    env.cr.commit()


def enter_books(env, xero):
    from books import Books  # noqa: PLC0415 - needs Odoo's addons

    books = Books(ground.connect(env))
    books.prepare()
    books.enter()
    xero.change("AU", period_lock_date="2025-07-31")
    books.connection.action_refresh_reference_data()
    books.hold_up()
    xero.call("POST", "faults", faults=[{"kind": "reset_before", "path": "CreditNotes"}])
    books.lose_an_answer()
    books.die()
    books.wait()


def main():
    port = stack.free_port()
    state = stack.LOGS / "upgrade.state"
    state.unlink(missing_ok=True)
    install()
    demo.set_parameters(DATABASE, stack.free_port(), port)
    ground.start_odoo()
    with stack.simulator(port, "AU", state=state):
        with ground.opened(DATABASE, None) as env:
            prepare_company(env)
        with ground.opened(DATABASE, COMPANY) as env:
            enter_books(env, stack.Xero(port))
    write_down(state)
    databases.drop(DATABASE)


def write_down(state):
    for statement in DROPPED:
        databases.execute(statement, database=DATABASE)
    dump = subprocess.run(
        ["pg_dump", "--no-owner", "--no-privileges", DATABASE], env=databases.environment(), stdout=subprocess.PIPE, check=True
    ).stdout
    [[version]] = databases.execute("SELECT latest_version FROM ir_module_module WHERE name = 'xero_connector'", database=DATABASE)
    text = simulated.written(persistence.load(state)).encode()
    for suffix, content in (("sql", dump), ("json", text)):
        path = HERE / f"{version}.{suffix}.xz"
        path.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
        print(path, f"{path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
