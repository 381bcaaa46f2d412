from unittest.mock import patch

from odoo.tests import tagged

from ...xero_core.resources import lookalikes
from ..common.every_value import every_value
from ..common.push import XeroPushCommon


@tagged("post_install", "-at_install")
class TestLookalikes(XeroPushCommon):
    """No second contact despite proof (A3): whoever is to be made is looked for in Xero first, by more than the name."""

    def _make_in_xero(self, **values):
        """A contact that somebody has typed into Xero; its id."""
        [made] = self._xero().create_contacts([{"Name": "ABC Pty Limited", **values}], f"by hand {values}")
        return made.remote.xero_id

    def _partner(self, **values):
        return self.env["res.partner"].create({"name": "ABC Pty Ltd", "is_company": True, **values})

    def _asked(self):
        return self._calls("GET /Contacts")

    def _names(self):
        return sorted(row["Name"] for row in self.organisation.contacts)

    def _send(self, *partners):
        """An invoice of each; how often Xero was asked about contacts meanwhile."""
        before = self._asked()
        self.sent = self.env["account.move"].union(*[self._invoice(100, partner=partner) for partner in partners])
        self._run()
        return self._asked() - before

    def _assert_taken_over(self, partner, xero_id):
        self.assertEqual((partner.xero_state, partner.xero_id), ("synced", xero_id), partner.xero_message)
        self.assertEqual(set(self.sent.mapped("xero_state")), {"synced"})
        self.assertEqual({self._xero_invoice(move).contact_id for move in self.sent}, {xero_id})

    def _assert_asks(self, partner, *names):
        self.assertEqual((partner.xero_state, partner.xero_problem_id.code), ("blocked", "contact_namesake"), partner.xero_message)
        self.assertEqual([row["name"] for row in partner.xero_problem_id.candidates], list(names))
        self.assertFalse(self._binding(partner))
        self.assertEqual(set(self.sent.mapped("xero_state")), {"blocked"})

    # === PROOF === #

    def test_same_tax_number_and_address_under_another_name(self):
        """The case of A3: one call to ask, none to create, and the contact stays as it is."""
        xero_id = self._make_in_xero(TaxNumber="83914571673", EmailAddress="office@abc.example")
        partner = self._partner(vat="83914571673", email="office@abc.example")
        made = self._calls("PUT /Contacts")
        self.assertEqual(self._send(partner), 1)
        self._assert_taken_over(partner, xero_id)
        self.assertEqual(self._calls("PUT /Contacts"), made)
        self.assertEqual(self._names(), ["ABC Pty Limited"])

    def test_tax_number_written_differently(self):
        xero_id = self._make_in_xero(TaxNumber="83 914 571 673")
        partner = self._partner(vat="83914571673")
        self._send(partner)
        self._assert_taken_over(partner, xero_id)

    def test_same_name_but_for_accents_and_the_same_address(self):
        """Also where Xero would take both names."""
        xero_id = self._make_in_xero(Name="Café Zoë", EmailAddress="zoe@cafe.example")
        partner = self._partner(name="CAFE ZOE\u0308", email="Zoe@cafe.example")
        self._send(partner)
        self._assert_taken_over(partner, xero_id)

    def test_same_name_and_account_number(self):
        xero_id = self._make_in_xero(Name="Café Zoë", AccountNumber="C100")
        partner = self._partner(name="Cafe Zoe", ref="C100")
        self._send(partner)
        self._assert_taken_over(partner, xero_id)

    def test_several_of_one_tax_number(self):
        """The one that also has the address is meant."""
        self._make_in_xero(Name="ABC Sydney", TaxNumber="83914571673")
        xero_id = self._make_in_xero(Name="ABC Perth", TaxNumber="83914571673", EmailAddress="office@abc.example")
        partner = self._partner(vat="83914571673", email="office@abc.example")
        self._send(partner)
        self._assert_taken_over(partner, xero_id)

    # === DOUBT === #

    def test_several_of_one_tax_number_and_nothing_else(self):
        self._make_in_xero(Name="ABC Sydney", TaxNumber="83914571673")
        self._make_in_xero(Name="ABC Perth", TaxNumber="83914571673")
        partner = self._partner(vat="83914571673", email="office@abc.example")
        self._send(partner)
        self._assert_asks(partner, "ABC Sydney", "ABC Perth")

    def test_same_address_under_another_name(self):
        xero_id = self._make_in_xero(EmailAddress="office@abc.example")
        partner = self._partner(name="Bert Able", email="office@abc.example", vat="83914571673")
        self._send(partner)
        self._assert_asks(partner, "ABC Pty Limited")
        self.assertIn("may be the same as “Bert Able”: “ABC Pty Limited”", partner.xero_problem_id.name)
        self._match(partner).action_apply()
        self._run()
        self._assert_taken_over(partner, xero_id)

    def test_another_one_is_not_asked_again(self):
        """Under its own name, as nobody in Xero has that."""
        self._make_in_xero(EmailAddress="office@abc.example")
        partner = self._partner(name="Bert Able", email="office@abc.example")
        self._send(partner)
        match = self._match(partner)
        self.assertEqual(match.new_name, "Bert Able")
        match.choice = "create"
        match.action_apply()
        asked = self._asked()
        self._run()
        self.assertEqual((partner.xero_state, self._asked()), ("synced", asked), partner.xero_message)
        self.assertEqual(self._names(), ["ABC Pty Limited", "Bert Able"])
        self.assertEqual(self.sent.xero_state, "synced")

    def test_another_one_needs_a_name_that_is_free(self):
        self._make_in_xero(Name="Bert Able")
        partner = self._partner(name="bert able")
        self._send(partner)
        match = self._match(partner)
        self.assertNotEqual(match.new_name, "bert able")
        match.write({"choice": "create", "new_name": "BERT  Able"})
        with self.assertRaisesRegex(Exception, "does not have yet"):
            match.action_apply()

    def _match(self, partner):
        return self.env["xero.contact.match"].with_context(default_problem_id=partner.xero_problem_id.id).create({})

    # === NEITHER === #

    def test_two_empty_ones_are_nothing(self):
        """Nothing to ask for, so nothing is asked."""
        self._make_in_xero()
        self.assertEqual(self._send(self._partner()), 0)
        self.assertEqual(self._names(), ["ABC Pty Limited", "ABC Pty Ltd"])

    def test_numbers_that_say_nothing(self):
        self._make_in_xero(TaxNumber="000 000 000")
        self._send(self._partner(vat="000000000", country_id=False))
        self.assertEqual(self._names(), ["ABC Pty Limited", "ABC Pty Ltd"])

    def test_other_tax_numbers_are_others_whatever_else(self):
        self._make_in_xero(TaxNumber="51824753556", EmailAddress="office@abc.example")
        self._send(self._partner(vat="83914571673", email="office@abc.example"))
        self.assertEqual(self._names(), ["ABC Pty Limited", "ABC Pty Ltd"])

    def test_same_name_and_address_but_another_tax_number(self):
        """Xero takes no second one of that name: the person decides."""
        self._make_in_xero(TaxNumber="51824753556", EmailAddress="office@abc.example")
        partner = self._partner(name="ABC Pty Limited", vat="83914571673", email="office@abc.example")
        self._send(partner)
        self._assert_asks(partner, "ABC Pty Limited")

    def test_archived(self):
        xero_id = self._make_in_xero(TaxNumber="83914571673")
        self.organisation.contacts.put({**self.organisation.contacts.get(xero_id), "ContactStatus": "ARCHIVED"})
        partner = self._partner(vat="83914571673")
        self._send(partner)
        self.assertEqual((partner.xero_state, self.sent.xero_state), ("synced", "synced"))
        self.assertNotEqual(partner.xero_id, xero_id)

    def test_bound_to_another_partner(self):
        """Two customers of one group: what belongs to the first is nothing to ask about."""
        first = self._partner(vat="83914571673", email="office@abc.example")
        self._send(first)
        second = self._partner(name="ABC Holding", vat="83914571673", email="office@abc.example")
        self._send(second)
        self.assertEqual((second.xero_state, self.sent.xero_state), ("synced", "synced"), second.xero_message)
        self.assertNotEqual(first.xero_id, second.xero_id)
        self.assertEqual(self._names(), ["ABC Holding", "ABC Pty Ltd"])

    def test_two_partners_at_once_for_one_contact(self):
        xero_id = self._make_in_xero(TaxNumber="83914571673")
        first, second = self._partner(vat="83914571673"), self._partner(name="ABC Holding", vat="83914571673")
        self._send(first, second)
        self.assertEqual((first + second).mapped("xero_state"), ["synced", "synced"], second.xero_message)
        self.assertEqual(first.xero_id, xero_id)
        self.assertEqual(self._names(), ["ABC Holding", "ABC Pty Limited"])

    def test_what_belonged_to_a_partner_that_is_gone(self):
        first = self._partner(vat="83914571673")
        self._send(first)
        xero_id = first.xero_id
        self._binding(first).res_id = 2**30  # as after a merge that knew nothing of the module
        self.env.invalidate_all()
        other = self._partner(name="ABC Holding", vat="83914571673")
        self._send(other)
        self._assert_taken_over(other, xero_id)

    def test_what_bears_the_mark_of_another_partner(self):
        """As after a connection is made anew: who comes first does not take what is known to be another's."""
        known = self._partner(vat="83914571673")
        self._send(known)
        xero_id = known.xero_id
        self._binding(known).unlink()
        new = self._partner(name="ABC Holding", vat="83914571673")
        (new + known).action_xero_sync()
        self._run()
        self.assertEqual((known.xero_state, new.xero_state, known.xero_id), ("synced", "synced", xero_id))
        self.assertEqual(self._names(), ["ABC Holding", "ABC Pty Ltd"])

    @every_value("mask_tax_numbers")
    def test_masked(self):
        """Of a number that is kept back nothing is concluded but that its end is another."""
        xero_id = self._make_in_xero(TaxNumber="83914571673", EmailAddress="office@abc.example", Name="ABC Pty Ltd")
        other_id = self._make_in_xero(TaxNumber="51824753556", EmailAddress="perth@abc.example", Name="ABC Perth")
        partner = self._partner(vat="83914571673", email="office@abc.example")
        other = self._partner(name="Someone", vat="83914571673", email="perth@abc.example")
        self._send(partner, other)
        self.assertEqual((partner.xero_id, other.xero_state), (xero_id, "synced"), other.xero_message)
        self.assertNotEqual(other.xero_id, other_id)

    # === CALLS === #

    def _customers(self, count):
        values = [{"name": f"Customer {n}", "email": f"c{n}@example.com", "vat": f"{83914571673 + n}"} for n in range(count)]
        return self.env["res.partner"].with_context(no_vat_validation=True).create(values)

    def test_many_are_looked_for_in_the_whole_list(self):
        """60 customers in two batches: one call, and who is there already is found in both."""
        customers = self._customers(60)
        there = [self._make_in_xero(Name=f"Old {n}", TaxNumber=f"{83914571673 + n}") for n in (3, 55)]
        before = self._asked()
        customers.action_xero_sync()
        self._run()
        self.assertEqual((self._asked() - before, self._calls("PUT /Contacts")), (1, 2 + 2))
        self.assertEqual(set(customers.mapped("xero_state")), {"synced"})
        self.assertEqual([customers[n].xero_id for n in (3, 55)], there)
        self.assertEqual(len(self._names()), 60)

    def test_a_list_that_would_cost_more_is_not_read(self):
        """The first page says so; after that Xero is asked for these alone."""
        self._make_in_xero(Name="Old 3", TaxNumber=f"{83914571673 + 3}")
        for number in range(8):
            self._make_in_xero(Name=f"Somebody {number}")
        customers, before = self._customers(30), self._asked()
        with patch.object(lookalikes, "PAGE_SIZE", 1):
            customers.action_xero_sync()
            self._run()
        questions = len(list(lookalikes.questions([self.env["xero.handler.contact"]._snapshot(each) for each in customers])))
        self.assertLess(questions, 9)
        self.assertEqual(self._asked() - before, 1 + questions)
        self.assertEqual(len(self._names()), 9 + 30 - 1)

    def test_one_costs_one(self):
        self.assertEqual(self._send(self.partner), 1)
        self.assertEqual(self._send(self.partner), 0, "it is known now")

    # === FAULTS === #

    def test_no_answer_to_the_question(self):
        xero_id = self._make_in_xero(TaxNumber="83914571673")
        partner = self._partner(vat="83914571673")
        self._order_fault("timeout_after", method="GET", path="Contacts", times=1)
        self._send(partner)
        for _time in range(2):
            self._later()
            self._run()
        self._assert_taken_over(partner, xero_id)
        self.assertEqual(self._names(), ["ABC Pty Limited"])

    def test_no_answer_to_the_write(self):
        """Who was taken over meanwhile stays so, and who was made is recognised: nobody is there twice."""
        xero_id = self._make_in_xero(TaxNumber="83914571673")
        partner, other = self._partner(vat="83914571673"), self._partner(name="New Ltd", email="new@example.com")
        self._order_fault("timeout_after", method="PUT", path="Contacts", times=1)
        self._send(partner, other)
        for _time in range(3):
            self._later()
            self._run()
        self.assertEqual((partner.xero_id, other.xero_state), (xero_id, "synced"))
        self.assertEqual(self._names(), ["ABC Pty Limited", "New Ltd"])
