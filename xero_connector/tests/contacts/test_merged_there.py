from odoo.tests import tagged

from ..common.drift import DriftCase


@tagged("post_install", "-at_install")
class TestMergedThere(DriftCase):
    """Contacts that people merge in Xero, in chains too: the partner goes on with the one that is left, and so do its documents."""

    def _prepare(self):
        super()._prepare()
        self.invoice = self._invoice(100)
        self._run()
        self._read()

    def _merged_into(self, *names):
        """The partner's contact is merged into the first, that into the second, and so on; returns the id of the last."""
        loser = self.partner.xero_id
        for name in names:
            winner = self._rita("write_contact", name)["ContactID"]
            self._rita("merge", loser, winner)
            loser = winner
        return loser

    def test_a_chain(self):
        last = self._merged_into("One", "Two", "Three")
        self._read()
        self.assertEqual((self.partner.xero_id, self.invoice.xero_state), (last, "synced"), self.invoice.xero_message)
        self.assertIn("Merged in Xero into “Three”", " ".join(self.partner.message_ids.mapped("body")))
        drift = self._drifts(self.partner)
        self.assertEqual((drift.first_field, drift.in_odoo, drift.in_xero), ("name", "Azure Interior", "Three"))
        self.assertEqual(self._answer(drift, "take"), "Taken: 1")
        self.assertEqual((self.partner.name, self.partner.xero_state), ("Three", "synced"))
        other = self._invoice(50)
        self._run()
        self.assertEqual(self._remote(other).contact_id, last)
        self._read()
        self.assertEqual((self.invoice + other).mapped("xero_state"), ["synced", "synced"])

    def test_a_chain_that_nobody_has_read(self):
        """What is sent meets the archived one: it follows to the end, not to the next one that was merged away as well."""
        last = self._merged_into("One", "Two")
        self.partner.phone = "+61 2 9999 0000"
        self._run()
        self.assertEqual((self.partner.xero_id, self.partner.xero_state), (last, "synced"), self.partner.xero_message)

    def test_a_circle(self):
        """Which Xero does not make; whatever it says, nobody goes round for ever."""
        last, contacts = self._merged_into("One"), self.organisation.contacts
        contacts.put({**contacts.get(last), "ContactStatus": "ARCHIVED", "MergedToContactID": self.partner.xero_id})
        before = self.partner.xero_id
        self._read()
        self.assertEqual(self.partner.xero_id, before)

    def test_into_another_partners_contact(self):
        """Two partners here are one contact there: only people merge partners, and they are told."""
        other = self.env["res.partner"].create({"name": "Deco Addict"})
        theirs = self._invoice(50, partner=other)
        self._run()
        self._rita("merge", self.partner.xero_id, other.xero_id)
        self._read()
        drift = self._drifts(self.partner)
        self.assertEqual((drift.state, drift.what, self.partner.xero_state, other.xero_state), ("open", "Status", "drift", "synced"))
        self.assertIn("which is Deco Addict here", drift.message)
        self.assertEqual([drift._plans(answer)[drift].deed for answer in ("take", "send", "leave")], ["", "", "leave"])
        self._read()
        self.assertEqual(self.env["xero.drift"].search_count([("binding_id", "=", drift.binding_id.id)]), 1, "it is told once")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner + other).ids, other)
        self._run()
        self._read()
        self.assertEqual((self.invoice.partner_id, self.invoice.xero_state, theirs.xero_state), (other, "synced", "synced"))
        self.assertFalse(self.env["xero.drift"].search([("state", "=", "open")]))
