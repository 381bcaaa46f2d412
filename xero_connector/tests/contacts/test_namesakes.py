from odoo.tests import tagged

from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestNamesakes(XeroPushCommon):
    """A contact of Xero is taken for ours with proof only, and never from another partner."""

    def _make_in_xero(self, **values):
        """A contact that somebody has typed into Xero; its id."""
        [made] = self._xero().create_contacts([{"Name": "Azure Interior", **values}], "by hand")
        return made.remote.xero_id

    def test_nothing_in_common_is_no_proof(self):
        """Neither has an e-mail address or a VAT number: two empty ones prove nothing."""
        self._make_in_xero()
        self.partner.write({"email": False, "vat": False})
        invoice = self._invoice(100)
        self._run()
        self.assertEqual((self.partner.xero_state, self.partner.xero_problem_id.code), ("blocked", "contact_namesake"))
        self.assertFalse(self._binding(self.partner))
        self.assertEqual(invoice.xero_state, "blocked")

    def test_one_empty_address_is_no_proof(self):
        self._make_in_xero(EmailAddress="azure@example.com")
        self.partner.write({"email": False, "vat": False})
        self._invoice(100)
        self._run()
        self.assertEqual(self.partner.xero_problem_id.code, "contact_namesake")

    def test_same_address_is_proof(self):
        xero_id = self._make_in_xero(EmailAddress="AZURE@example.com")
        self._invoice(100)
        self._run()
        self.assertEqual((self.partner.xero_state, self.partner.xero_id), ("synced", xero_id))

    def test_what_belongs_to_another_partner_is_not_taken(self):
        self._invoice(100)
        self._run()
        xero_id = self.partner.xero_id
        other = self.env["res.partner"].create({"name": "Azure Interior", "email": "azure@example.com"})
        invoice = self._invoice(50, partner=other)
        self._run()
        self.assertEqual((other.xero_problem_id.code, other.xero_problem_id.key), ("contact_namesake", str(other.id)))
        self.assertIn("already belongs to Azure Interior", other.xero_problem_id.name)
        self.assertEqual((invoice.xero_state, self.partner.xero_state, self.partner.xero_id), ("blocked", "synced", xero_id))
        self.assertFalse(self._binding(other))

    def test_what_belonged_to_a_partner_that_is_gone_is_taken(self):
        first = self._invoice(100)
        self._run()
        xero_id, gone = self.partner.xero_id, self._binding(self.partner)
        gone.res_id = 2**30  # as after a merge that knew nothing of the module
        self.env.invalidate_all()
        other = self.env["res.partner"].create({"name": "Azure Interior", "email": "azure@example.com"})
        self._invoice(50, partner=other)
        self._run()
        self.assertEqual((other.xero_state, other.xero_id), ("synced", xero_id))
        self.assertTrue(first)
