from odoo.tests import tagged

from ..common.drift import DriftCase


@tagged("post_install", "-at_install")
class TestContactDrift(DriftCase):
    """What somebody changes of a contact in Xero is asked about, field by field; what Xero hides is no change."""

    def _prepare(self):
        super()._prepare()
        self.australia, self.zealand = self.env.ref("base.au"), self.env.ref("base.nz")
        address = {"street": "1 High St", "city": "Sydney", "zip": "2000", "country_id": self.australia.id}
        self.partner.write({**address, "phone": "+61 2 9999 0000", "ref": "C-1", "company_registry": "R-1"})
        self._invoice(100)
        self._run()
        self._read()

    def _edited(self, **fields):
        """The row of the contact, after somebody has edited it in Xero and it was read."""
        if "TaxNumber" in fields:  # as an app that may not see it is told
            rows = self.organisation.contacts
            rows.put({**rows.get(self.partner.xero_id), **fields, "UpdatedDateUTC": self.xero.now()})
        else:
            self._rita("edit", self.partner.xero_id, fields)
        self._read()
        return self._drifts(self.partner)

    def _address(self, **parts):
        return {"Addresses": [{"AddressType": "POBOX", **parts}]}

    def test_nothing_changed(self):
        self.assertEqual((self.partner.xero_state, self._drifts(self.partner)), ("synced", self.env["xero.drift"]))

    def test_both_values(self):
        drift = self._edited(EmailAddress="billing@azure.example", AccountNumber="C-2")
        self.assertEqual((drift.kind, drift.name, drift.state, self.partner.xero_state), ("contact", "Azure Interior", "open", "drift"))
        self.assertEqual((drift.what, drift.in_odoo, drift.in_xero), ("Account Number and 1 more", "C-1", "C-2"))
        rows = {field.name: (field.agreed, field.odoo, field.xero) for field in drift.field_ids}
        self.assertEqual(rows["email"], ("azure@example.com", "azure@example.com", "billing@azure.example"))
        self.assertIn("E-mail is “billing@azure.example” in Xero, “azure@example.com” here.", drift.message)

    def _taken(self, **fields):
        drift = self._edited(**fields)
        written = self._calls("POST") + self._calls("PUT")
        self.assertEqual(self._answer(drift, "take"), "Taken: 1")
        self._run()
        self._read()
        self.assertEqual((self.partner.xero_state, drift.state), ("synced", "answered"))
        self.assertEqual(self._calls("POST") + self._calls("PUT"), written, "nothing is sent back")

    def test_take_texts(self):
        self._taken(Name="Azure Exterior", EmailAddress="billing@azure.example", AccountNumber="C-2", CompanyNumber="R-2")
        values = self.partner.read(["name", "email", "ref", "company_registry"])[0]
        self.assertEqual(
            [values[name] for name in ("name", "email", "ref", "company_registry")],
            ["Azure Exterior", "billing@azure.example", "C-2", "R-2"],
        )

    def test_take_an_address(self):
        parts = {"AddressLine1": "2 Low St", "AddressLine2": "Floor 3", "City": "Auckland", "PostalCode": "1010", "Country": "New Zealand"}
        self._taken(**self._address(**parts))
        self.assertEqual(self.partner.street, "2 Low St")
        self.assertEqual((self.partner.street2, self.partner.city, self.partner.zip), ("Floor 3", "Auckland", "1010"))
        self.assertEqual(self.partner.country_id, self.zealand)

    def test_a_country_that_nobody_knows(self):
        drift = self._edited(**self._address(AddressLine1="2 Low St", City="Ankh", Country="Discworld"))
        self.assertEqual(self._ask(drift, "take").line_ids.sentence, "Odoo has no country named “Discworld”.")

    def test_take_a_telephone_number(self):
        number = {"PhoneType": "DEFAULT", "PhoneCountryCode": "61", "PhoneAreaCode": "3", "PhoneNumber": "8888 0000"}
        self._taken(Phones=[number])
        self.assertEqual(self.partner.phone, "61 3 8888 0000")

    def test_the_same_number_written_otherwise(self):
        self._edited(Phones=[{"PhoneType": "DEFAULT", "PhoneCountryCode": "61", "PhoneAreaCode": "2", "PhoneNumber": "99990000"}])
        self.assertEqual(self.partner.xero_state, "synced")

    def test_hidden_tax_numbers_are_no_change(self):
        """Xero masks them for some apps, and leaves them out: neither is taken, nor told."""
        for text in ("*******1673", "XXXXXXX1673", ""):
            with self.subTest(text):
                self._edited(TaxNumber=text)
                self.assertEqual((self.partner.xero_state, self.partner.vat), ("synced", "83914571673"))
        drift = self._edited(TaxNumber="*******9999", Name="Azure Exterior")
        self.assertEqual(drift.field_ids.mapped("name"), ["name"])
        self._answer(drift, "take")
        self.assertEqual((self.partner.name, self.partner.vat), ("Azure Exterior", "83914571673"))

    def test_another_tax_number(self):
        self._taken(TaxNumber="51824753556")
        self.assertEqual(self.partner.vat, "51824753556")

    def test_what_odoo_has_not_and_xero_had_before(self):
        """It was never sent, and nobody has changed it since."""
        other = self.env["res.partner"].create({"name": "Quiet Ltd"})
        self._invoice(50, partner=other)
        self._run()
        self._read()
        rows = self.organisation.contacts
        rows.put({**rows.get(other.xero_id), "EmailAddress": "new@quiet.example", "UpdatedDateUTC": self.xero.now()})
        self._read()
        self.assertEqual((self._drifts(other).in_odoo, self._drifts(other).in_xero), ("empty", "new@quiet.example"))

    def test_send_and_leave(self):
        drift = self._edited(EmailAddress="billing@azure.example")
        self._answer(drift, "leave")
        self.assertEqual((self.partner.xero_state, drift.state), ("accepted", "left"))
        self._read()
        self.assertEqual(self.partner.xero_state, "accepted")
        self._answer(drift, "send")
        self.assertEqual(self.organisation.contacts.get(self.partner.xero_id)["EmailAddress"], "azure@example.com")
        self.assertEqual((self.partner.xero_state, drift.state), ("synced", "answered"))

    def test_changed_back(self):
        drift = self._edited(EmailAddress="billing@azure.example")
        self._edited(EmailAddress="azure@example.com")
        self.assertEqual((self.partner.xero_state, drift.state), ("synced", "gone"))

    def test_forgotten_by_a_restored_backup_and_renamed_since(self):
        """It is known by its mark when it is needed again, and what it says otherwise is asked about, not sent over nor left unsaid."""
        other = self.env["res.partner"].create({"name": "Quiet Ltd", "email": "quiet@example.com"})
        self._invoice(50, partner=other)
        self._run()
        contact_id = other.xero_id
        self._rita("rename", contact_id, "Loud Ltd")
        own = [("connection_id", "=", self.connection.id), ("res_model", "=", "res.partner"), ("res_id", "=", other.id)]
        self.env["xero.binding"].sudo().search(own).unlink()
        self._invoice(70, partner=other)
        self._run()
        self._run()
        self.env.invalidate_all()
        self.assertEqual((other.xero_id, other.xero_state), (contact_id, "drift"))
        drift = self._drifts(other)
        self.assertEqual((drift.in_odoo, drift.in_xero), ("Quiet Ltd", "Loud Ltd"))
        self._answer(drift, "take")
        self.assertEqual((other.name, other.xero_state), ("Loud Ltd", "synced"))
        self._read()
        self.assertEqual(other.xero_state, "synced", other.xero_message)
