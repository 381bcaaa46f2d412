"""What has no counterpart in Xero, and why: every posted document and all money, by its kind, in the words of one list."""

from typing import NamedTuple

from odoo import models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .. import words

_lt = LazyTranslate(__name__)


class Reason(NamedTuple):
    """Why documents are not in Xero; ``way`` names what leads on (``xero.reason._way_<way>``), ``label`` is the word on its button."""

    sentence: object
    way: str
    label: object


SHOW = _lt("Show")
# Of what nobody has asked for. ``%(what)s`` is the setting or the journal, ``%(day)s`` the first day that is sent.
REASONS = {
    "turn": Reason(_lt("Nobody has asked for it yet; Sync Now sends it."), "sync", _lt("Sync Now")),
    "voided": Reason(_lt("Its counterpart was voided or deleted in Xero."), "documents", SHOW),
    "manual": Reason(_lt("%(what)s: sent only when somebody asks for it."), "documents", SHOW),
    "off": Reason(
        _lt("%(what)s are never sent to Xero; an administrator can change that in the Xero settings."), "settings", _lt("Open the Settings")
    ),
    "not_sent": Reason(_lt("Journal %(what)s is not sent."), "journals", _lt("Open the Journals")),
    "day": Reason(_lt("Goes with the summary of its day."), "summaries", _lt("Send the Summaries Now")),
    "no_entry": Reason(
        _lt("Has no journal entry in Odoo; Xero is told of this money when its bank statement line is matched."), "documents", SHOW
    ),
    "unmatched": Reason(_lt("Money without a document; unmatched payments wait."), "documents", SHOW),
    "in_xero": Reason(
        _lt("The payments of its bank are recorded in Xero; it is one with its counterpart when that has been made there."),
        "documents",
        SHOW,
    ),
    "elsewhere": Reason(_lt("What it pays is not in Xero."), "documents", SHOW),
    "no_document": Reason(_lt("Matched with no invoice, bill or credit note."), "documents", SHOW),
    "bank_open": Reason(_lt("Bank line that is matched with nothing yet."), "documents", SHOW),
    "bank_wait": Reason(_lt("Bank line that is booked to nothing yet: book or match it first, then it goes to Xero."), "documents", SHOW),
    "bank_account": Reason(
        _lt(
            "Bank line booked straight to an account: Xero has it from its own bank feed. If it has no feed of that bank, choose so in the "
            "mapping of the banks."
        ),
        "banks",
        _lt("Open the Banks"),
    ),
    "exchange": Reason(_lt("Exchange difference, which Xero books itself."), "documents", SHOW),
    "cash_basis": Reason(_lt("Moves cash-basis taxes, which Xero reckons itself."), "documents", SHOW),
    "before": Reason(_lt("Dated before %(day)s, the first day that is sent."), "day", _lt("Change the Day")),
}
KNOWN = """
    EXISTS (SELECT 1 FROM xero_binding b
             WHERE b.connection_id = %(connection)s AND b.res_model = %(model)s AND b.res_id = %(key)s AND b.is_there
               AND b.kind != ALL(%(beside)s))
 OR EXISTS (SELECT 1 FROM xero_job j
             WHERE j.connection_id = %(connection)s AND j.res_model = %(model)s AND j.res_id = %(key)s AND j.is_open
               AND j.kind != ALL(%(beside)s)%(going)s)"""
NOT_LEFT_OUT = " AND j.state <> 'ignored'"


class XeroHandlerMissing(models.AbstractModel):
    """Hooks of the screen "Not in Xero, and Why", and of the sentence on a document that is not there."""

    _inherit = "xero.handler"

    _is_counted = False  # a document, or money, as people count them: not what goes before or beside one

    def _missing(self, connection):
        """Hook: what of this kind has no counterpart in Xero and none on its way, as SQL, or ``None`` if the kind follows from others.

        Its columns: ``res_model``, ``res_id``, ``payment_id``, ``date``, ``reason`` (of ``REASONS``) and ``about`` (an id, or 0).
        """
        return

    def _why_missing(self, reason, connection=None, about=0):
        """The sentence of a reason.

        :param connection: as far as it has to do with one
        :param int about: the ``about`` of the document
        """
        connection = self.env["xero.connection"] if connection is None else connection
        meant = {"what": self._what_is_meant(reason, connection, about), "day": self._first_day(connection)}
        sentence = self.env._(REASONS[reason].sentence)
        return sentence % meant

    def _what_is_meant(self, reason, connection, about):
        if reason == "not_sent":
            return self.env["account.journal"].sudo().browse(about).display_name
        return connection._fields[self._setting]._description_string(self.env) if self._setting in connection._fields else ""

    def _first_day(self, connection):
        return words.day(self.env, connection.sync_from) if connection.sync_from else ""

    # === SQL === #

    def _is_known(self, connection, model, key, *, goes=False):
        """SQL: the record of ``model`` with the id ``key`` (SQL) is in Xero, on its way, or (not if it ``goes``) was left out."""
        beside = list(self.env["xero.handler"]._kinds_that("_is_companion"))
        return SQL(KNOWN, connection=connection.id, model=model, key=key, beside=beside, going=SQL(NOT_LEFT_OUT if goes else ""))

    def _asked_for(self, connection):
        """The reason of what would be sent if somebody asked: how documents of the kind are sent at all."""
        return {"auto": "turn", "manual": "manual", "off": "off"}[connection._mode(self._kind)]

    def _start(self, connection):
        return connection.sync_from or "1900-01-01"
