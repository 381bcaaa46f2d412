from odoo.tests import tagged

from ..common.drift import DriftCase


@tagged("post_install", "-at_install")
class TestChangedScreen(DriftCase):
    """What the list and the form of changes in Xero say, and who is told of them."""

    def _changes(self):
        """An invoice with another reference, one with another price and one that was voided, as Rita left them."""
        documents = [self._invoice(100, ref="PO 7"), self._invoice(400), self._invoice(50)]
        self._run()
        words, price, voided = documents
        self._rita("edit", words.xero_id, {"Reference": "PO 8"})
        self._rita("edit", price.xero_id, {"LineItems": [{**self._line(price), "UnitAmount": 360}]})
        self._rita("void", voided.xero_id)
        self._read()
        return [self._drifts(document) for document in documents]

    def test_figures(self):
        self._changes()
        [strip] = self.env["xero.drift"].xero_figures()
        figures = {figure["label"]: figure["value"] for figure in strip["figures"]}
        self.assertEqual([figures[label] for label in ("Changed in Xero", "Change an amount", "Voided in Xero")], ["3", "2", "1"])
        self.assertIn("Oldest", figures)
        self.assertIn("Read from Xero", strip["figures"][0]["age"])

    def test_who_has_changed_it(self):
        """Asked when somebody opens the row, once; what an app did is no person's."""
        words, price, _voided = self._changes()
        before = self._calls("GET")
        action = words.action_open()
        self.assertEqual((action["res_id"], words.changed_by, self._calls("GET")), (words.id, "Rita Mills", before + 1))
        self.assertIn("by Rita Mills", words.changed)
        words.action_open()
        self.assertEqual(self._calls("GET"), before + 1)
        self.organisation.history.put({**list(self.organisation.history)[-1], "HistoryID": "999", "OwnerID": price.binding_id.xero_id,
                                       "User": "System Generated", "Changes": "Edited", "DateUTC": self.xero.now()})  # fmt: skip
        price.action_open()
        self.assertEqual(price.changed_by, "an app")

    def test_xero_does_not_say_who(self):
        words = self._changes()[0]
        self._order_fault("unavailable_503", path="History", times=None)
        self.assertEqual(words.action_open()["res_id"], words.id)
        self.assertFalse(words.changed_by)

    def test_what_will_happen(self):
        """On the three cards, before anything is pressed."""
        words, price, voided = self._changes()
        self.assertIn("PO 8", words.take_words)
        self.assertIn("set to draft", price.take_words)
        self.assertIn("44.00", price.leave_words)
        self.assertEqual((voided.can_take, voided.can_send, voided.send_words), (True, False, "Xero cannot bring it back."))
        self.assertEqual(voided.said_in_xero, "Voided\nXero cannot bring it back")

    def test_told_once_and_closed_by_itself(self):
        words, price, voided = self._changes()

        def to_dos():
            return self.connection.activity_ids.filtered(lambda activity: activity.xero_code == "changed_in_xero")

        self.assertEqual(len(to_dos()), 1)
        to_dos().unlink()  # somebody has marked it as done
        self._run()
        self.assertFalse(to_dos(), "never again while something is open")
        (words | price | voided)._leave()
        self._changed(self.env["account.move"].browse(words.res_id), Reference="PO 9")
        self.assertEqual(len(to_dos()), 1)
        words._leave()
        self.assertFalse(to_dos())

    def test_on_the_overview(self):
        self._changes()
        need = self.connection.overview_needs[-1]
        self.assertEqual((need["name"], need["count"], need["fix_label"]), ("Changed in Xero", 3, "Answer"))
        self.assertEqual(self.connection.action_open_drifts()["res_model"], "xero.drift")
