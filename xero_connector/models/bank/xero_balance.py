from datetime import timedelta

from odoo import fields, models

OLD = timedelta(hours=1)  # what was read is shown, and read anew
MOVED = timedelta(minutes=5)  # or where something has gone to Xero since


class XeroAccount(models.Model):
    """What a bank account has in Xero, as its bank summary said last."""

    _inherit = "xero.account"

    balance = fields.Float(digits=(20, 6), help="At the end of balance_day, in the currency of Xero's report.")
    opening_balance = fields.Float(digits=(20, 6), help="Before the first day that is sent.")
    balance_day = fields.Date(help="Empty as long as Xero has not told.")


class XeroConnection(models.Model):
    """The balances are read when somebody looks at them, in a run: never by itself, and not again within a while."""

    _inherit = "xero.connection"

    balances_asked = fields.Boolean(help="Somebody looks at them.")
    balances_at = fields.Datetime("Balances Read")
    balances_tried_at = fields.Datetime()
    balances_note = fields.Char(help="Why Xero does not tell them.")

    def _ask_for_balances(self, *, insists=False):
        """Have the balances read in a run that begins at once, if those there are old.

        :param bool insists: somebody asks for just that
        """
        for connection_sudo in self.sudo():
            if connection_sudo.state == "connected" and (insists or connection_sudo._has_old_balances()):
                connection_sudo.balances_asked = True
                connection_sudo._wake()

    def _has_old_balances(self):
        now, tried = fields.Datetime.now(), self.balances_tried_at
        if self.balances_asked or not tried or tried < now - OLD:
            return not self.balances_asked
        written = [("connection_id", "=", self.id), ("method", "in", ("PUT", "POST", "DELETE")), ("started", ">", tried)]
        return tried < now - MOVED and bool(self.env["xero.call"].search_count(written, limit=1))

    def _balances_told(self, note=""):
        """Xero has told them, or says why it does not (``note``); then those that were read before stay."""
        now = fields.Datetime.now()
        read = {} if note else {"balances_at": now}
        self.sudo().write({**read, "balances_asked": False, "balances_tried_at": now, "balances_note": note or False})
        self.journal_mapping_ids._announce()
