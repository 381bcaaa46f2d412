"""An upgrade from an older version loses nothing, sends nothing twice, and goes on with what was under way."""

import pytest

from dev import databases, run_tests, stack
from tests.odoo.upgrade.restored import KEY, Restored

FROM = "19.0.1.0.0"
DATABASE, FRESH = "connector_upgraded", "connector_fresh"
# what a column, an index or a constraint is; whichever order they were made in
SCHEMA = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
                   WHERE table_schema = 'public' AND (table_name LIKE 'xero%%' OR column_name LIKE 'xero%%')""",
    # Odoo's own words for it, if it has any: PostgreSQL words the same condition otherwise after it was restored
    "indexes": """SELECT c.relname, COALESCE(obj_description(c.oid), pg_get_indexdef(c.oid)) FROM pg_index i
                    JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE '%%xero%%'""",
    "constraints": """SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
                       WHERE conrelid::regclass::text LIKE 'xero%%'""",
    # which are not updated with the module
    "rules": """SELECT d.name, r.domain_force, r.perm_read, r.perm_write, r.perm_create, r.perm_unlink
                  FROM ir_rule r JOIN ir_model_data d ON d.model = 'ir.rule' AND d.res_id = r.id WHERE d.module = 'xero_connector'""",
}
# what an upgrade that dies wrote last: in the midst of the scripts, and when all is done but for saying so
DIES_AT = (("kind", "xero_job"), ("latest_version", "ir_module_module"))
HELD = {"held": "account_unmapped", "closed period": "lock_date"}


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """pytest-odoo would open a database for every test; these start Odoo themselves."""


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Upgraded; with what was there before, and what Odoo logged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XERO_CONNECTOR_KEY", KEY)
        books = Restored(FROM, DATABASE, tmp_path_factory.mktemp("upgrade"))
        books.restore()
        books.before = {"pairs": books.pairs(), "jobs": books.open_jobs(), "xero": books.xero(), "sent": books.sent("fingerprint")}
        books.died = [_die(books, *place) for place in DIES_AT]
        books.log = books.upgrade("first")
        yield books
        databases.drop(DATABASE)


def test_odoo_warns_of_nothing(books):
    run_tests.refuse_warnings(books.log)


def test_nothing_is_lost(books):
    assert books.pairs() == books.before["pairs"]
    assert books.sent("sent") == books.before["sent"]
    states = {(model, res_id): state for state, model, res_id, _ref, _code in books.open_jobs()}
    for state, model, res_id, ref, _code in books.before["jobs"]:
        if model == "account.move":
            assert states[model, res_id] == state, ref


def test_an_upgrade_that_dies_leaves_everything_as_it_was(books):
    """What begins again finds what the first found; all other tests see what became of it at last."""
    before = books.before
    assert books.died == [(before["pairs"], before["jobs"], before["sent"], FROM)] * len(DIES_AT)


def test_kinds_have_their_present_names(books):
    known = {"option", "contact", "item", "invoice", "bill", "credit_note", "journal", "summary", "transfer", "attachment"}
    known |= {"payment", "on_account", "batch_payment", "write_off", "bank_transaction", "allocation"}
    assert {kind for (kind,) in books.rows("SELECT DISTINCT kind FROM xero_binding")} == known
    assert {kind for (kind,) in books.rows("SELECT DISTINCT kind FROM xero_job")} <= known


def test_begun_again_it_changes_nothing(books):
    """Odoo runs the scripts again if an upgrade was interrupted after them."""
    rows = [books.pairs(), books.open_jobs(), _schema(DATABASE)]
    databases.execute(f"UPDATE ir_module_module SET latest_version = '{FROM}' WHERE name = 'xero_connector'", database=DATABASE)
    run_tests.refuse_warnings(books.upgrade("again"))
    assert [books.pairs(), books.open_jobs(), _schema(DATABASE)] == rows


def test_the_same_tables_as_after_a_fresh_installation(books):
    databases.clone("tests", FRESH)
    try:
        arguments = ["-i", "xero_connector", "--stop-after-init", "--no-http", "--log-level=warn"]
        databases.run_odoo("-d", FRESH, *arguments, log=stack.LOGS / "upgrade_fresh.log")
        upgraded, fresh = _schema(DATABASE), _schema(FRESH)
    finally:
        databases.drop(FRESH)
    for what in SCHEMA:
        assert (upgraded[what] - fresh[what], fresh[what] - upgraded[what]) == (set(), set()), what


def test_it_goes_on_where_it_was(books):
    """With the tokens it had: what waited arrives, what was on the wire is looked up, what is held stays held; nothing else is touched."""
    with stack.simulator(books.ports["xero"], state=books.state), stack.odoo(books.ports["odoo"], DATABASE):
        books.wait_until_quiet()
        person = stack.Person(f"http://localhost:{books.ports['odoo']}")
        [connection] = person.search_read("xero.connection", [], ["state"])
        assert connection["state"] == "connected"
        first = books.writing_calls()
        # all that is in step is looked at once more, and nothing of it is sent
        person.call("xero.connection", "action_sync_now", [connection["id"]])
        books.wait_until_quiet()
        assert books.writing_calls() == first
    open_jobs = {ref: (state, code) for state, _model, _id, ref, code in books.open_jobs()}
    assert open_jobs == {"left out": ("ignored", None), **{ref: ("blocked", code) for ref, code in HELD.items()}}
    _assert_in_xero(books)


def _die(books, column, table):
    """What is left of an upgrade that died when it wrote a column."""
    books.die_while_upgrading(column, table)
    [[version]] = books.rows("SELECT latest_version FROM ir_module_module WHERE name = 'xero_connector'")
    return books.pairs(), books.open_jobs(), books.sent("fingerprint"), version


def _schema(database):
    return {what: set(databases.execute(statement, database=database)) for what, statement in SCHEMA.items()}


def _assert_in_xero(books):
    before, now = books.before["xero"], books.xero()
    changed = {(table, key) for table in before for key in before[table] if now[table].get(key) != before[table][key]}
    new = {table: list(now[table].keys() - before[table].keys()) for table in now}
    # the bill that was reset to draft is voided; the invoice of which nobody knew that it had arrived is there once
    [bill] = [row["DocumentID"] for row in before["invoices"].values() if row["Number"] == "V-1002"]
    assert changed == {("invoices", bill)}
    assert now["invoices"][bill]["Status"] == "VOIDED"
    del new["history"]  # Xero's own entries, of what we changed
    assert {table: len(keys) for table, keys in new.items() if keys} == {"invoices": 1, "credit_notes": 1, "payments": 1}
    assert books.xero_id_of("arrived unnoticed") in before["invoices"]
    assert now["invoices"][books.xero_id_of("waiting")]["Status"] == "PAID"
