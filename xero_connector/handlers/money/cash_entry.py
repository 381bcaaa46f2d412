from dataclasses import replace

from odoo import models
from odoo.tools.translate import LazyTranslate

from ...xero_core import values
from ..reasons import Held
from .parts import money_of

_lt = LazyTranslate(__name__)


class XeroHandlerCashEntry(models.AbstractModel):
    """Money without a debt in a drawer or safe that is an ordinary account in Xero: a manual journal, as bank transactions take banks only.

    It says the entry whole: the cash, and what it came from or went to. Like a bank transaction it is part of the money's job.
    """

    _name = "xero.handler.cash_entry"
    _inherit = ["xero.handler.money", "xero.handler.journal"]
    _description = "Xero Handler: Cash Entries"

    _kind = "cash_entry"
    _takes = ""  # what people post in Xero is an entry of its own
    _label = _lt("Cash Entry")
    _moves = ()
    _records = {}
    _sequence = 76
    _setting = "sync_payment"
    _owner_kind = "payment"
    _has_jobs = False
    _is_counted = False
    _is_told = False
    _is_distributed = False
    _is_ruled = False
    _is_difference = True

    def _page(self, short_code, row):
        return values.journal_url(short_code, row["xero_id"])

    def _creation(self, step, job, source, reading):
        move, books = source.entry, reading.journals
        account = self._payment_account(source.journal, reading.table)
        if account.xero_id in books.forbidden:
            raise Held(
                "account_forbidden",
                self.env._("Xero takes no manual journal on %s.", account.label),
                key=f"journal,{source.journal.id}",
                help=self.env._("Choose another account in Xero for the journal %s.", source.journal.display_name),
            )
        outgoing = self._made(job, move, None, self._postings(move), books)
        return replace(outgoing, fingerprint=source.movement.difference.digest)

    def _postings(self, move):
        """What is outstanding counts as cash, as with any payment."""
        outstanding, cash = money_of(move)._seek_for_lines()[0].account_id, move.journal_id.default_account_id
        postings = super()._postings(move)
        return [replace(posting, account_id=cash) if posting.account_id in outstanding else posting for posting in postings]

    def _missing(self, connection):
        """It is money, and listed as that."""
        return

    def _moved_by(self, record):
        return record.origin_payment_id or record.statement_line_id

    def _after_bound(self, connection, res_ids):
        """Nobody waits for it."""
