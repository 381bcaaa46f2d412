"""The confirmed mapping of one connection as a plain object: read once per run, asked per line without a query."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

TABLES = ("xero.account", "xero.tax.rate", "xero.currency", "xero.account.mapping", "xero.tax.mapping", "xero.journal.mapping")


@dataclass(frozen=True, slots=True)
class MappedAccount:
    """The Xero account that stands for an Odoo account or journal; ``code`` may be '' for a bank account.

    ``type`` and ``system_account`` are Xero's own words; ``takes_payments`` says whether Xero lets payments go there.
    """

    code: str
    xero_id: str
    account_class: str
    archived: bool
    name: str
    type: str = ""
    system_account: str = ""
    takes_payments: bool = True

    @property
    def label(self) -> str:
        """Code and name, as an accountant calls it."""
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class MappedTax:
    """The Xero tax rate that stands for a set of Odoo taxes; ``rate`` is its effective percentage.

    ``legal`` says whether Xero takes it on the class of account that was asked for; a rate deleted in Xero is never legal.
    """

    tax_type: str
    rate: Decimal
    legal: bool
    name: str
    archived: bool = False


def tax_key(tax_ids) -> str:
    """How a set of taxes is stored: the sorted ids joined by commas, '' for no tax at all."""
    return ",".join(map(str, sorted(tax_ids)))


class MappingTable:
    """Entry points: ``account``, ``control``, ``tax``, ``journal``, ``currencies``.

    Only confirmed lines count; what has none answers None.
    """

    def __init__(self, accounts=(), taxes=(), journals=(), currencies=()):
        self._accounts = {(use, account_id): MappedAccount(*values) for use, account_id, *values in accounts}
        self._journals = {journal_id: MappedAccount(*values) for journal_id, *values in journals}
        self._taxes = {(key, klass): values for key, klass, *values in taxes}
        self.currencies = frozenset(currencies)
        self.tax_sets = {}  # what ``tax_sets.tax_set`` found out about sets of taxes during the run

    def account(self, account_id: int) -> MappedAccount | None:
        """Where amounts on this Odoo account are posted in Xero."""
        return self._accounts.get(("post", account_id))

    def control(self, account_id: int) -> MappedAccount | None:
        """The control account of Xero that a receivable or payable account is compared with; never posted to."""
        return self._accounts.get(("control", account_id))

    def journal(self, journal_id: int) -> MappedAccount | None:
        """The account in Xero that payments of this journal go to."""
        return self._journals.get(journal_id)

    def tax(self, tax_ids, account_class: str = "") -> MappedTax | None:
        """The tax rate for lines with exactly these taxes: a line made for the class of account wins over the general one."""
        key = tax_key(tax_ids)
        found = self._taxes.get((key, account_class)) or self._taxes.get((key, ""))
        if not found:
            return None
        tax_type, rate, name, active, classes = found
        legal = active and (not account_class or account_class in classes)
        return MappedTax(tax_type, Decimal(rate), legal, name, not active)


def load(connection) -> MappingTable:
    """The mapping of ``connection`` in four queries, however many lines it has."""
    env = connection.env
    for model in TABLES:
        env[model].flush_model()
    return MappingTable(
        accounts=env.execute_query(_accounts(connection.id)),
        journals=env.execute_query(_journals(connection.id)),
        taxes=env.execute_query(_taxes(connection.id)),
        currencies=[code for (code,) in env.execute_query(_currencies(connection.id))],
    )


_TARGET = SQL(
    """COALESCE(xero.code, ''), xero.xero_id, COALESCE(xero.account_class, ''), NOT xero.active, xero.name,
       COALESCE(xero.type, ''), COALESCE(xero.system_account, ''), COALESCE(xero.can_receive_payments, false)"""
)


def _accounts(connection_id):
    return SQL(
        """SELECT line.use, line.account_id, %s FROM xero_account_mapping line JOIN xero_account xero ON xero.id = line.xero_account_id
           WHERE line.connection_id = %s AND line.confirmed""",
        _TARGET,
        connection_id,
    )


def _journals(connection_id):
    return SQL(
        """SELECT line.journal_id, %s FROM xero_journal_mapping line JOIN xero_account xero ON xero.id = line.xero_account_id
           WHERE line.connection_id = %s AND line.confirmed""",
        _TARGET,
        connection_id,
    )


def _taxes(connection_id):
    return SQL(
        """SELECT COALESCE(line.tax_key, ''), COALESCE(line.account_class, ''), rate.tax_type, rate.effective_rate::text, rate.name,
                  rate.active,
                  array_remove(ARRAY[
                      CASE WHEN rate.can_apply_to_asset THEN 'ASSET' END, CASE WHEN rate.can_apply_to_equity THEN 'EQUITY' END,
                      CASE WHEN rate.can_apply_to_expense THEN 'EXPENSE' END, CASE WHEN rate.can_apply_to_liability THEN 'LIABILITY' END,
                      CASE WHEN rate.can_apply_to_revenue THEN 'REVENUE' END], NULL)
           FROM xero_tax_mapping line JOIN xero_tax_rate rate ON rate.id = line.xero_tax_rate_id
           WHERE line.connection_id = %s AND line.confirmed""",
        connection_id,
    )


def _currencies(connection_id):
    return SQL("SELECT code FROM xero_currency WHERE connection_id = %s AND active", connection_id)
