from odoo.tests import tagged

from ..common.every_value import every_value
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

    @every_value("contact_names")
    def test_the_same_name_but_for_accents(self):
        """Whether Xero takes them for namesakes or not: nothing is mixed up, and what is refused is a question."""
        self._make_in_xero(Name="Café Zoë")
        self.partner.write({"name": "CAFE ZOE", "email": False, "vat": False})
        self._invoice(100)
        self._run()
        if self.xero.switches.contact_names == "case":
            self.assertEqual(self.partner.xero_state, "synced", self.partner.xero_message)
        else:
            self.assertEqual((self.partner.xero_state, self.partner.xero_problem_id.code), ("blocked", "contact_namesake"))
            self.assertEqual([row["name"] for row in self.partner.xero_problem_id.candidates], ["Café Zoë"])

    @every_value("archived_account_numbers")
    def test_two_partners_of_one_reference(self):
        """The number is nothing an invoice may wait for: the second goes without it, and says so."""
        other = self.env["res.partner"].create({"name": "Deco Addict", "ref": "C100"})
        self.partner.ref = "C100"
        invoices = self._invoice(100) + self._invoice(50, partner=other)
        self._run()
        self.assertEqual(invoices.mapped("xero_state"), ["synced", "synced"])
        held = [row.get("AccountNumber", "") for row in self.organisation.contacts]
        self.assertEqual(sorted(held), ["", "C100"])
        without = (self.partner + other).filtered(lambda partner: partner.xero_problem_id)
        self.assertEqual((without.xero_problem_id.code, without.xero_problem_id.key), ("account_number_taken", str(without.id)))
        self.assertIn("C100", without.xero_problem_id.name)
        without.ref = "C101"
        self._run()
        self.assertEqual(self.organisation.contacts.get(without.xero_id)["AccountNumber"], "C101")
        self.assertFalse(without.xero_problem_id)

    def test_reference_that_is_taken_later(self):
        """What else has changed of the contact arrives all the same."""
        self._make_in_xero(Name="Somebody Ltd", AccountNumber="C100")
        self._invoice(100)
        self._run()
        self.partner.write({"ref": "C100", "phone": "+61 2 9999 0000"})
        self._run()
        kept = self.organisation.contacts.get(self.partner.xero_id)
        self.assertEqual((kept.get("AccountNumber"), kept["Phones"]["DEFAULT"]["PhoneNumber"]), (None, "+61 2 9999 0000"))
        self.assertEqual(self.partner.xero_problem_id.code, "account_number_taken")

    def test_no_answer_to_the_second_try(self):
        self._make_in_xero(Name="Somebody Ltd", AccountNumber="C100")
        self.partner.ref = "C100"
        invoice = self._invoice(100)
        self._order_fault("timeout_after", method="PUT", path="Contacts", times=1, skip=1)
        for _time in range(3):
            self._run()
            self._later()
        self.assertEqual(invoice.xero_state, "synced", self.partner.xero_message)
        self.assertEqual([row["Name"] for row in self.organisation.contacts], ["Somebody Ltd", "Azure Interior"])
        self.assertEqual((self.xero.faults.describe()["faults"], self.partner.xero_problem_id.code), ([], "account_number_taken"))

    @every_value("archived_account_numbers")
    def test_reference_of_an_archived_contact(self):
        archived = self._make_in_xero(Name="Gone Ltd", AccountNumber="C100")
        self.organisation.contacts.put({**self.organisation.contacts.get(archived), "ContactStatus": "ARCHIVED"})
        self.partner.ref = "C100"
        invoice = self._invoice(100)
        self._run()
        self.assertEqual(invoice.xero_state, "synced", self.partner.xero_message)
        self.assertEqual(self._binding(self.partner).is_there, True)
        has = {"free": "C100", "taken": ""}[self.xero.switches.archived_account_numbers]
        self.assertEqual(self.organisation.contacts.get(self.partner.xero_id).get("AccountNumber", ""), has)

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
