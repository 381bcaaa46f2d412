"""The addon's registry tests: under pytest-odoo on all cores, or, with `--odoo`, some of them under Odoo's own runner.

Those that work with HTTP, cursors, users or screens: what another runner may see differently; those of the addons beside it; and those of
bank lines, because here another addon that matches them is installed.

python -m dev.run_tests [pytest arguments]
python -m dev.run_tests --odoo
"""

import os
import re
import subprocess
import sys

from dev import bootstrap, databases, stack

DATABASE, AGAIN = "xero_tests", "xero_tests_again"
EXTENSIONS = ("test_xero_connector", "xero_connector_hr_expense")  # an addon that adds a kind of its own, and those beside the connector
NEIGHBOURS = ("account_reconcile_oca",)  # other people's addons that work on the same records
TWICE = (
    *("connection/test_connection", "connection/test_organisations", "connection/test_connection_http", "connection/test_database_copy"),
    *("connection/test_token", "connection/test_token_race", "connection/test_permissions", "connection/test_company_walls"),
    *("mapping/test_mapping",),
    *("banking/test_settle", "banking/test_match", "banking/test_beside_oca"),
    *("screens/test_screens", "screens/test_telling", "invoicing/test_push"),
)
# What is not committed has no statistics: without these PostgreSQL reads whole tables of what tests have rolled back, again and again.
POSTGRES = "-c jit=off -c enable_seqscan=off"
# Odoo itself warns of being run as root; everything else that mentions us is ours.
OURS = re.compile(r"(WARNING|ERROR|CRITICAL).*xero", re.IGNORECASE)


def install(database=DATABASE):
    """A fresh database with the module; Odoo's log may hold no warning of ours."""
    databases.clone("tests", database)
    bootstrap.step("Installing the module into the test database")
    log = databases.run_odoo(
        "-d", database, "-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn", log=stack.LOGS / "install.log"
    )
    refuse_warnings(log)


def refuse_warnings(log):
    ours = [line for line in log.read_text().splitlines() if OURS.search(line.replace(DATABASE, ""))]
    if ours:
        sys.exit("Odoo warned of the module:\n" + "\n".join(ours))


def under_pytest(arguments):
    configuration = databases.write_configuration()
    tests = [argument for argument in arguments if not argument.startswith("-")] or ["xero_connector/tests"]
    options = [argument for argument in arguments if argument.startswith("-")] or [
        "-q",
        "-n",
        str(os.cpu_count() or 1),
        "--dist",
        "loadscope",
        "--no-loadscope-reorder",  # the plugin has put the longest first
        "--durations=30",
    ]
    command = [str(bootstrap.PYTHON), "-m", "pytest", "-p", "dev.registry_tests"]
    command += [f"--odoo-database={DATABASE}", f"--odoo-config={configuration}", "--odoo-http"]
    environment = {**databases.environment(), "PGOPTIONS": POSTGRES}
    return subprocess.run([*command, *options, *tests], cwd=bootstrap.ROOT, env=environment, check=False).returncode


def under_odoo():
    databases.clone("tests", AGAIN)
    bootstrap.step("Those of connection, rights and screens under Odoo's own runner")
    log = stack.LOGS / "odoo_tests.log"
    port = stack.free_port()
    again = ",".join([*(f"/xero_connector/tests/{name}.py" for name in TWICE), *(f"/{name}" for name in EXTENSIONS)])
    arguments = ["-d", AGAIN, "--test-tags", again, "--stop-after-init", f"--http-port={port}"]
    arguments += ["-i", ",".join(["xero_connector", *EXTENSIONS, *NEIGHBOURS])]
    arguments += [f"--addons-path={','.join([*databases.addons_path(), str(bootstrap.get_neighbours())])}"]
    databases.run_odoo(*arguments, log=log, PGOPTIONS=POSTGRES)
    result = re.findall(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests", log.read_text())
    if not result or result[-1][:2] != ("0", "0") or int(result[-1][2]) == 0:
        sys.exit(f"Odoo's runner: {result or 'no result'}; see {log}")
    refuse_warnings(log)
    print(f"Odoo's own runner: {result[-1][2]} tests, none failed, no warning of ours")


def main():
    if sys.argv[1:] == ["--odoo"]:
        under_odoo()
    else:
        install()
        sys.exit(under_pytest(sys.argv[1:]))


if __name__ == "__main__":
    main()
