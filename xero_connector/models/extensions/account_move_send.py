from markupsafe import Markup

from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """An e-mail with an invoice says where it can be paid, if that is offered."""

    _inherit = "account.move.send"

    @api.model
    def _get_default_mail_body(self, move, mail_template, mail_lang):
        body = super()._get_default_mail_body(move, mail_template, mail_lang)
        link = body and move._xero_payment_link()
        if not link:
            return body
        translated = self.with_context(lang=mail_lang) if mail_lang else self
        label = translated.env._("Pay online")
        return body + Markup('<p><a href="%s">%s</a></p>') % (move.get_base_url() + link, label)
