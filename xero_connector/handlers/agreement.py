from odoo import models

from ..xero_core.arithmetic import tracking
from .reasons import Held


class XeroHandlerAgreement(models.AbstractModel):
    """Whether Xero took a document as it was meant: "Synced" means that both say the same, not that a call went well."""

    _inherit = "xero.handler"

    def _read_in_xero(self, connection, records):
        """Hook, of what a person asks for although it is in step: ``{record: sentences}`` of what Xero holds otherwise; None if not read.

        :raise XeroError: if Xero did not say
        """

    def _disagreement(self, item, remote):
        """The ``Held`` for a document that Xero took otherwise than it was sent: its accounts, total, tax or tracking. Else ``None``."""
        sent = item.trace
        if not _has_its_accounts(remote):
            return self._account_left_out(item, remote)
        if not _has_its_tracking(sent, remote):
            return self._tracking_left_out(item, remote)
        total = self.env._("%(number)s: Odoo's total is %(odoo)s, Xero made it %(xero)s.")
        tax = self.env._("%(number)s: the tax should be %(odoo)s, Xero made it %(xero)s.")
        for odoo, attribute, text in ((sent.total, "total", total), (sent.tax, "total_tax", tax)):
            xero = getattr(remote, attribute, None)
            if odoo is not None and xero is not None and xero != odoo:
                return self._totals_differ(item, text % {"number": remote.number or sent.number, "odoo": odoo, "xero": xero})
        return None

    def _totals_differ(self, item, message):
        return Held(
            "totals_differ",
            message,
            key=f"{item.res_model},{item.res_id}",
            help=self.env._("Compare the two documents line by line. Retry sends Odoo's version again."),
            record=(item.res_model, item.res_id),
            failed=True,
        )

    def _account_left_out(self, item, remote):
        codes = sorted(_account_codes(item.payload) - {line.account_code for line in remote.told.lines})
        name = remote.number or item.label
        return Held(
            "account_archived",
            self.env._(
                "%(document)s is in Xero, but without the account %(codes)s, which Xero does not know.",
                document=name,
                codes=", ".join(codes),
            )
            if codes
            else self.env._("%s is in Xero, but a line of it has no account.", name),
            key=f"{item.res_model},{item.res_id}",
            help=self.env._(
                "Press “Read from Xero” in the mapping: it shows which account is no longer there. Choose another, then press Retry."
            ),
            record=(item.res_model, item.res_id),
            failed=True,
        )

    def _recoded(self, item, remote, accounts):
        """The ``Held`` of a document that Xero booked on another account than was meant: the code names another one there by now.

        :param dict accounts: their ids in Xero by code, as last read
        """
        lines = getattr(getattr(remote, "told", None), "lines", ())
        pairs = ((line.account_code, getattr(line, "account_id", "")) for line in lines)
        code = next((code for code, xero_id in pairs if xero_id and accounts.get(code, xero_id) != xero_id), None)
        if code is None:
            return None
        return Held(
            "account_recoded",
            self.env._("The code %s belongs to another account in Xero than when it was last read.", code),
            key=code,
            help=self.env._("Read again from Xero: the documents are put on the right account then. Otherwise correct them in Xero."),
            failed=True,
        )

    def _tracking_left_out(self, item, remote):
        return Held(
            "option_missing",
            self.env._("%s is in Xero, but not with the tracking options it was sent with.", remote.number),
            key=f"{item.res_model},{item.res_id}",
            help=self.env._("Press “Read from Xero” in the mapping: it shows which option is no longer in use. Then press Retry."),
            record=(item.res_model, item.res_id),
            failed=True,
        )


def _has_its_accounts(remote):
    """Of a draft Xero leaves out an account that it does not know, with a warning; text is all that needs none."""
    lines = getattr(getattr(remote, "told", None), "lines", ())
    return all(line.account_code or getattr(line, "quantity", True) is None for line in lines)


def _account_codes(payload):
    """The accounts that a document names; of one whose answer was lost nobody knows any more."""
    rows = payload.get("LineItems") or payload.get("JournalLines") or ()
    return {row["AccountCode"] for row in rows if row.get("AccountCode")}


def _has_its_tracking(trace, remote):
    """Xero may leave out options it does not know without a word; a document without them is not the one that was sent."""
    found = getattr(remote, "tracking", None)
    return trace.tracking is None or found is None or tracking.repeats(trace.tracking, trace.options, found)
