from base64 import b64encode

from odoo import fields, models


class XeroSupport(models.TransientModel):
    """The support file of one document: says first what is in it and what is left out, then makes it."""

    _name = "xero.support"
    _description = "Support File"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(required=True, readonly=True, model_field="res_model")
    name = fields.Char("Document", readonly=True)
    content = fields.Binary(attachment=False, readonly=True)

    def _open(self, document):
        values = {"default_res_model": document._name, "default_res_id": document.id, "default_name": document.display_name}
        names = {"type": "ir.actions.act_window", "name": self.env._("Make a Support File"), "res_model": self._name}
        return {**names, "views": [(False, "form")], "target": "new", "context": values}

    def action_make(self):
        """Download it."""
        self.ensure_one()
        self.content = b64encode(self._document()._xero_support_zip())
        url = f"/web/content/{self._name}/{self.id}/content/xero_support.zip?download=true"
        return {"type": "ir.actions.act_url", "url": url, "close": True}

    def _document(self):
        """The document, if it is one that can be in Xero.

        :raise ValueError: if it is none
        """
        model = self.env.registry.get(self.res_model)
        if model is None or "action_xero_support" not in dir(model):
            raise ValueError(f"{self.res_model} has no support file.")
        return self.env[self.res_model].browse(self.res_id)
