from odoo.tests import tagged

from ..common.engine import EngineCase


@tagged("post_install", "-at_install")
class TestPartners(EngineCase):
    def test_copy_has_its_own_name_in_xero(self):
        self.partner.xero_contact_name = "Azure (1)"
        self.assertFalse(self.partner.copy().xero_contact_name)

    def test_merged_partner(self):
        """The contact of a partner that was merged away passes to the one that is left."""
        self._invoice(100)
        self._run()
        left = self.env["res.partner"].create({"name": self.partner.name, "email": self.partner.email, "vat": self.partner.vat})
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner + left).ids, left)
        self.assertFalse(self.partner.exists())
        invoice = self._invoice(50, partner=left)
        self._run()
        self._assert_in_step(invoice)
        self.assertEqual(len(self._xero().contacts(names=[left.name])), 1)
