from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain

from odoo import models

from ...const import KEPT_BY_XERO, RESULT_TYPES, TEXT_LINES
from ...mapping.table import MappedAccount
from ...mapping.tax_sets import tax_set
from ...xero_core.arithmetic import tracking
from ...xero_core.resources import manual_journals as resource
from ...xero_core.resources.manual_journals import JournalLine
from ..amounts import exact_amount
from ..reading import Reading
from ..reasons import Held


@dataclass(frozen=True)
class Posting:
    """One amount of an entry; fields as on a journal item, so that it can stand for one. Debits are positive, in the company's currency."""

    account_id: object
    tax_ids: object
    tax_line_id: object
    balance: Decimal
    label: str = ""
    analytic_distribution: dict = field(default_factory=dict)

    @property
    def is_tax(self):
        """Whether it is the tax on other amounts of the entry. Tax that lands in the result is a cost, which Xero would not make of it."""
        return bool(self.tax_line_id) and not (self.account_id.account_type or "").startswith(RESULT_TYPES)


@dataclass
class JournalReading(Reading):
    """Of journal entries or their summaries (``records`` by id): what their lines need, and the journals' ``policies``.

    ``forbidden`` are the Xero ids of accounts that manual journals may not name, ``banks`` the journals by their account's id.
    """

    table: object
    records: dict
    tracking: object
    base_url: str
    policies: dict
    forbidden: set
    clearing: object
    rounding: object
    tax_accounts: set
    banks: dict


class XeroHandlerJournalLines(models.AbstractModel):
    """The lines of a manual journal.

    Accounts that Xero takes in no manual journal give way to the clearing account. Tax is what Xero computes on the other lines, and Odoo's
    tax lines are left out, as long as both agree; a cent of rounding gets a line of its own if the connection allows it. Amounts that are
    distributed over analytic accounts are split, so that every tracking option gets its share to the cent.
    """

    _name = "xero.handler.journal.lines"
    _inherit = "xero.handler"
    _description = "Xero Handler: Journal Lines"

    def _accounts_of_lines(self, connection):
        """What the lines of all journals of a batch need."""
        accounts = self.env["xero.account"].with_context(active_test=False).search([("connection_id", "=", connection.id)])
        rounding = accounts.filtered(lambda account: account.system_account == "ROUNDING" and account.active)[:1]
        books = [("company_id", "in", connection._companies().parent_ids.ids)]
        repartition = self.env["account.tax.repartition.line"].search(
            [*books, ("repartition_type", "=", "tax"), ("account_id", "!=", False)]
        )
        journals = self.env["account.journal"].search([*books, ("type", "in", ("bank", "cash", "credit"))])
        return {
            "table": connection._mapping_table(),
            "forbidden": {account.xero_id for account in accounts if not account.can_post or account.type == "INVENTORY"},
            "clearing": self._mapped(connection.clearing_account_id),
            "rounding": self._mapped(rounding),
            "tax_accounts": {account.id for account in repartition.account_id if not (account.account_type or "").startswith(RESULT_TYPES)},
            "banks": {journal.default_account_id.id: journal.id for journal in journals},
        }

    def _mapped(self, account):
        """A Xero account as the mapping gives it; None if there is none."""
        if not account:
            return None
        names = [account[name] or "" for name in ("code", "xero_id", "account_class")]
        about = (not account.active, account.name, account.type or "", account.system_account or "", account.can_receive_payments)
        return MappedAccount(*names, *about)

    def _postings(self, move):
        """The amounts of an entry."""
        currency = move.company_currency_id
        return [
            Posting(
                account_id=line.account_id,
                tax_ids=line.tax_ids,
                tax_line_id=line.tax_line_id,
                balance=exact_amount(line.balance, currency),
                label=line.name or "",
                analytic_distribution=line.analytic_distribution or {},
            )
            for line in move.line_ids
            if self._is_booked(line) and not currency.is_zero(line.balance)
        ]

    def _is_booked(self, line):
        """Whether a line of an entry is to be said in Xero; what is kept beside the books has no place there."""
        return line.display_type not in TEXT_LINES and line.account_id.account_type != "off_balance"

    # === LINES === #

    def _journal_lines(self, postings, reading, record):
        """``(lines, line amount types)`` of the manual journal that says the same as ``postings``.

        :param record: ``(model, id)`` of what it is made of
        :raise Held: naming the account or tax that stands in the way
        """
        postings = self._with_taxes_apart(postings)
        base = [posting for posting in postings if not posting.is_tax]
        types = "Exclusive" if any(posting.tax_ids for posting in base) else "NoTax"
        lines = [(posting, line) for posting in base for line in self._lines(posting, reading, types)]
        taxes = [posting for posting in postings if posting.is_tax]
        try:
            groups = [self._tax_lines(group, on, reading, types, record) for group, on in self._tax_groups(taxes, lines)]
        except Held as held:
            raise self._named_rate(held, base, reading) from held
        return (*(line for _posting, line in lines), *chain(*groups)), types

    def _named_rate(self, held, postings, reading):
        """Why the tax is another in Xero: by the rate that the mapping has, if it is that one."""
        rate = held.code == "totals_differ" and self._other_rate([posting.tax_ids for posting in postings], reading.connection)
        return self._held_rate(rate) if rate else held

    def _with_taxes_apart(self, postings):
        """The postings, with the taxes that no rate of Xero can stand for as ordinary amounts: levies per piece, what is withheld."""
        sets = {posting.tax_ids: tax_set(posting.tax_ids) for posting in postings}
        apart = frozenset().union(*(found.apart for found in sets.values()))
        none = self.env["account.tax"]
        return [
            replace(
                posting,
                tax_ids=none.browse(sets[posting.tax_ids].ids),
                tax_line_id=none if posting.tax_line_id.id in apart else posting.tax_line_id,
            )
            for posting in postings
        ]

    def _lines(self, posting, reading, types):
        """The lines of one posting: one, or if it is distributed over tracking options one for each of them.

        :raise Held, HeldBehind, Wait: an account, tax or option that is in the way
        """
        line = self._line(posting, reading, types)
        if not posting.analytic_distribution:
            return [line]
        shares = self.env["xero.handler.tracking"]._shares(posting.analytic_distribution, reading.tracking)
        currency = reading.connection.company_id.currency_id.name
        parts = tracking.parts(line.amount, shares, currency)
        return [replace(line, amount=amount, tracking=share.tracking) for share, amount in parts]

    def _line(self, posting, reading, types):
        account = self._destination(posting, reading)
        label = posting.label
        if account is None:
            account = self._clearing(posting, reading)
            label = f"{posting.account_id.display_name}: {label}".strip(": ")
            posting = replace(posting, tax_ids=posting.tax_ids.browse())
        line = JournalLine(account.code, posting.balance, label or posting.account_id.display_name or "-")
        if types == "NoTax":
            return line
        tax = self._line_tax(posting.tax_ids, account, reading.table)
        return replace(line, tax_type=tax.tax_type, tax_rate=tax.rate)

    def _destination(self, posting, reading):
        """The Xero account of a posting, None if Xero takes none in a manual journal.

        :raise Held: it has no counterpart, or one that is archived
        """
        table, account = reading.table, posting.account_id
        mapped = table.account(account.id) or table.journal(reading.banks.get(account.id))
        if mapped and mapped.xero_id not in reading.forbidden and mapped.code:
            return self._posting_account(account, table) if mapped == table.account(account.id) else mapped
        if mapped or account.account_type in KEPT_BY_XERO or account.id in reading.tax_accounts:
            return None
        return self._posting_account(account, table)

    def _clearing(self, posting, reading):
        account = reading.clearing
        if account and not account.archived and account.xero_id not in reading.forbidden:
            return account
        raise Held(
            "account_forbidden",
            self.env._("Xero takes no manual journal on an account like %s.", posting.account_id.display_name),
            key=str(posting.account_id.id),
            help=self.env._("Choose a clearing account in the connection's page “Journal Entries”, or ignore the entry here."),
        )

    def _account_of_debt(self, line, reading):
        """The Xero account on which a journal books this debt.

        :param line: of an entry
        :raise Held: there is none
        """
        return self._destination(line, reading) or self._clearing(line, reading)

    # === TAX === #

    def _tax_groups(self, taxes, lines):
        """Odoo's tax lines with the lines they are the tax of: ``[(tax postings, lines)]``; taxes of one line belong together."""
        groups = [({tax.id for tax in leaves(posting.tax_ids)}, [], [line]) for posting, line in lines if posting.tax_ids]
        groups += [({posting.tax_line_id.id}, [posting], []) for posting in taxes]
        joined = []
        for group in groups:
            together = [other for other in joined if other[0] & group[0]] + [group]
            joined = [other for other in joined if not other[0] & group[0]]
            ids, postings, on = zip(*together, strict=True)
            joined.append((set().union(*ids), list(chain(*postings)), list(chain(*on))))
        return [(postings, on) for _ids, postings, on in joined]

    def _tax_lines(self, taxes, on, reading, types, record):
        """What Xero's own tax on these lines leaves to say: nothing, a cent of rounding, or all of it if it is the tax of no line."""
        if not on:
            untaxed = (replace(posting, tax_ids=posting.tax_ids.browse()) for posting in taxes)
            return [line for posting in untaxed for line in self._lines(posting, reading, types)]
        ties = reading.connection.tie_rounding
        computed = sum((resource.tax(line, types, ties) for line in on), Decimal(0))
        expected = sum((posting.balance for posting in taxes), Decimal(0))
        return [self._rounding_line(expected, computed, reading, record)] if expected != computed else []

    def _rounding_line(self, expected, computed, reading, record):
        connection, account = reading.connection, reading.rounding
        difference = expected - computed
        if not account or connection.rounding_policy == "hold" or abs(difference) > Decimal(str(connection.rounding_tolerance)):
            raise Held(
                "totals_differ",
                self.env._("The entry's tax is %(odoo)s in Odoo, Xero would make it %(xero)s.", odoo=abs(expected), xero=abs(computed)),
                key=f"{record[0]},{record[1]}",
                help=self.env._("Correct the tax of the entry, or enter it in Xero by hand and ignore it here."),
                record=record,
            )
        tax = self._line_tax(self.env["account.tax"], account, reading.table)
        return JournalLine(account.code, difference, self.env._("Rounding of tax"), tax.tax_type, tax.rate)


def leaves(taxes):
    """The taxes of which lines are made: those of a group, not the group."""
    return taxes.flatten_taxes_hierarchy() if "group" in taxes.mapped("amount_type") else taxes
