from odoo import models

# a change of one of these fields of a product that is in Xero is sent there
TEMPLATE_FIELDS = frozenset(["name", "list_price", "description_sale", "description_purchase", "sale_ok", "purchase_ok", "categ_id"])
TEMPLATE_FIELDS |= {"taxes_id", "supplier_taxes_id", "property_account_income_id", "property_account_expense_id"}
# not the cost, which stock moves change all day: it goes with the next change that a person makes
PRODUCT_FIELDS = TEMPLATE_FIELDS | {"default_code", "lst_price"}


class XeroHandlerItem(models.AbstractModel):
    """When products are sent: the first time with the documents that name them; their changes follow in every company that sends products.

    Each variant is an item of its own in Xero. Archiving or deleting one changes nothing there: what was sent names it.
    """

    _inherit = "xero.handler.item"

    _records = {"product.template": TEMPLATE_FIELDS, "product.product": PRODUCT_FIELDS}

    def _touched(self, records, event):
        ids = (records if records._name == self._res_model else records.product_variant_ids).ids
        for connection in self._everywhere() if ids else ():
            self._ask_for(connection, connection._known_ids(self._res_model, ids))
