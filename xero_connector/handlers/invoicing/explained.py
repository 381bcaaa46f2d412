from odoo import models

from ...mapping.table import tax_key


class XeroHandlerDocument(models.AbstractModel):
    """Which account and which tax each line of a document goes to, as the mapping says now; reads Odoo only."""

    _inherit = "xero.handler.document"

    def _lines_explained(self, connection, record):
        table = connection._mapping_table()
        lines = record.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        return [self._line_explained(line, table) for line in lines]

    def _line_explained(self, line, table):
        account = table.account(line.account_id.id)
        tax = account and table.tax(line.tax_ids.ids, account.account_class)
        return (
            line.name or line.product_id.display_name or "-",
            self._account_label(line.account_id),
            account.label if account else self.env._("No account in Xero yet"),
            " + ".join(line.tax_ids.mapped("name")) or self.env._("No tax"),
            tax.name if tax else self.env._("No tax rate in Xero yet"),
            line.account_id.id,
            tax_key(line.tax_ids.ids),
        )
