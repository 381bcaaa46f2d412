from odoo import models

from ...reasons import Held
from ..taking.facts import BANK
from .straight import LINE


class XeroHandlerPayment(models.AbstractModel):
    """Bank lines that came from Xero and are changed here: nothing goes there before a person has said so, once for each."""

    _inherit = "xero.handler.payment"

    _also_demanded = (LINE,)

    def _check_step(self, step, job, source, reading):
        if any(key[0] == BANK and _came_in(binding) for key, binding in source.bindings.items()):
            raise Held(
                "made_in_xero",
                self.env._("Bank lines that came from Xero were changed in Odoo."),
                help=self.env._(
                    "Send the changes: what Xero has of them is removed there and made anew, which undoes its match with the bank. "
                    "Or leave them out."
                ),
                record=source.key,
            )
        super()._check_step(step, job, source, reading)

    def _reason_against(self, payment, connection):
        if payment._name == LINE:
            return self._reason_of_company(payment, connection) or connection._reason_against_kind(self._kind)
        return super()._reason_against(payment, connection)

    def _ask_for_now(self, connection, payments):
        if payments._name == LINE:
            own = [("connection_id", "=", connection.id), ("owner_model", "=", LINE), ("owner_id", "in", payments.ids)]
            self.env["xero.binding"].sudo().search([*own, ("origin", "=", "xero")]).follows_odoo = True
        super()._ask_for_now(connection, payments)

    def _leaving(self, records):
        """What came from Xero and is deleted here stays there, and does not come in again by itself."""
        follow = super()._leaving(records)
        own = [("owner_model", "=", LINE), ("owner_id", "in", records.ids if records._name == LINE else ()), ("is_there", "=", True)]
        theirs_sudo = self.env["xero.binding"].sudo().search([*own, ("kind", "=", BANK)]).filtered(_came_in)
        if not theirs_sudo:
            return follow

        def after():
            for binding_sudo in theirs_sudo:
                about = [("connection_id", "=", binding_sudo.connection_id.id), ("kind", "=", BANK), ("xero_id", "=", binding_sudo.xero_id)]
                rows_sudo = self.env["xero.money"].sudo().search(about)
                rows_sudo.write({"state": "ignored", "message": self.env._("Its bank line was deleted in Odoo.")})
            theirs_sudo.unlink()
            follow()

        return after


def _came_in(binding):
    """Whether it is Xero's, and no person has said yet that what is changed here goes there."""
    return binding.origin == "xero" and not binding.follows_odoo
