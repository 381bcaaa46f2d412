from odoo import models

# A change of one of these fields of a product that is in Xero is sent there.
TEMPLATE_FIELDS = frozenset(["name", "list_price", "description_sale", "description_purchase", "sale_ok", "purchase_ok", "categ_id"])
TEMPLATE_FIELDS |= {"taxes_id", "supplier_taxes_id", "property_account_income_id", "property_account_expense_id"}
# Not the cost, which stock moves change all day: it goes with the next change that a person makes.
PRODUCT_FIELDS = TEMPLATE_FIELDS | {"default_code", "lst_price"}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        res = super().write(vals)
        if TEMPLATE_FIELDS.intersection(vals):
            self.product_variant_ids._xero_enqueue_bound()
        return res


class ProductProduct(models.Model):
    """Each variant is an item of its own in Xero. Archiving or deleting one changes nothing there: what was sent names it."""

    _inherit = "product.product"

    def write(self, vals):
        res = super().write(vals)
        if PRODUCT_FIELDS.intersection(vals):
            self._xero_enqueue_bound()
        return res

    def _xero_enqueue_bound(self):
        """Ask for the new data of products that are in Xero, or on their way, to be sent, in every company that sends products."""
        connections = self.env["xero.connection"].sudo().search([("sync_item", "=", "auto"), ("tenant_id", "!=", False)])
        for connection in connections:
            known = connection._known_ids(self._name, self.ids)
            self.env["xero.job"].sudo()._enqueue(connection, "item", self._name, known)
