from odoo import models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge as Odoo does; then documents follow the partner that survives in Xero too."""
        res = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        survivors = self.env["res.partner"].with_context(active_test=False).browse(partner_ids).exists()
        if len(survivors) == 1 and len(partner_ids) > 1:
            self.env["xero.trigger"]._merged(survivors, set(partner_ids) - set(survivors.ids))
        return res
