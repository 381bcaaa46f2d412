from datetime import timedelta

from odoo import fields, models

OLD = timedelta(hours=1)  # what was read is shown, and read anew
LATELY = timedelta(days=7)
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
                if not connection_sudo._watches_banks():
                    handlers = self.env["xero.handler"]._all()
                    connection_sudo._read_whole({handler._list for handler in handlers if handler._brings_bank_lines})
                connection_sudo.balances_asked = True
                connection_sudo._wake()

    def _bank_need(self):
        """Bank lines that are matched with nothing, as the Overview shows them; a list of one or none."""
        banks = self.journal_mapping_ids.filtered("xero_account_id")
        count = sum(banks.mapped("to_match")) if banks else 0
        need = {"model": self._name, "id": self.id, "name": self.env._("Bank"), "count": count, "method": "action_open_bank"}
        return [{**need, "counted": self.env._("To match: %s", count), "fix_label": self.env._("Match")}] if count else []

    def action_open_bank(self):
        """The bank with lines to match, or the cards of all of them."""
        self.ensure_one()
        self._check_xero_user()
        self.check_access("read")
        banks = self.journal_mapping_ids.filtered(lambda line: line.xero_account_id and line.to_match)
        return banks.action_open_bank() if len(banks) == 1 else banks.action_banks()

    def _watches_banks(self):
        """Whether somebody has looked at the banks lately: then all that was spent and received in Xero is heard of, to explain them."""
        self.ensure_one()
        tried = self.sudo().balances_tried_at
        return self.sudo().balances_asked or bool(tried) and tried > fields.Datetime.now() - LATELY

    def _has_old_balances(self):
        now, tried = fields.Datetime.now(), self.balances_tried_at
        if self.balances_asked or not tried or tried < now - OLD:
            return not self.balances_asked
        written = [("connection_id", "=", self.id), ("method", "in", ("PUT", "POST", "DELETE")), ("started", ">=", tried)]
        return tried < now - MOVED and bool(self.env["xero.call"].search_count(written, limit=1))

    def _balances_told(self, note=""):
        """Xero has told them, or says why it does not (``note``); then those that were read before stay."""
        now = fields.Datetime.now()
        read = {} if note else {"balances_at": now}
        self.sudo().write({**read, "balances_asked": False, "balances_tried_at": now, "balances_note": note or False})
        self.journal_mapping_ids._announce()
