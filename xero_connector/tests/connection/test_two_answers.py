from odoo.service.model import retrying
from odoo.tests import tagged

from ...access import clients
from ..common.race import WORKERS, RaceCase

TOLD = {"kind": "on_account", "xero_id": "a", "date": "2026-10-01", "shares": [], "amount": "10"}
OTHERS = "Already answered by", "Somebody is answering it now."


@tagged("post_install", "-at_install")
class TestTwoAnswers(RaceCase):
    """Several people answer one question in the same moment, in transactions of their own: one answer counts, the others are told."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self._forget)
        self.partner_id = self.binding_id = 0
        self._complete(self._consent())

    def _forget(self):
        with self._environment() as env:
            env["res.partner"].browse(self.partner_id).exists().unlink()

    # === A CHANGE IN XERO === #

    def _drift(self):
        """A contact with another e-mail address in Xero than here, as a reading has found it."""
        with self._environment() as env:
            connection = env["xero.connection"].browse(self.connection_id)
            [made] = clients.xero(connection).create_contacts([{"Name": "Azure Interior", "EmailAddress": "there@example.com"}], "a key")
            partner = env["res.partner"].create({"name": "Azure Interior", "email": "here@example.com"})
            pair = {"kind": "contact", "res_model": "res.partner", "res_id": partner.id, "xero_id": made.remote.xero_id}
            binding = env["xero.binding"].create({"connection_id": connection.id, **pair})
            self.partner_id, self.binding_id = partner.id, binding.id
            env["xero.handler.contact"]._compare(connection, partner, {partner.id: binding}, {made.remote.xero_id: made.remote})
            drift = env["xero.drift"].search([("binding_id", "=", binding.id)])
            self.assertEqual((drift.state, drift.first_field), ("open", "email"))
            return drift.id

    def _dialogs(self, drift_id, answers):
        """The dialog of each person, open before anybody has answered."""
        opened = []
        for answer in answers:
            with self._environment() as env:
                opened.append(("xero.drift.answer", env["xero.drift"].browse(drift_id)._ask_back(answer)["res_id"]))
        return opened

    def _came_of(self, drift_id):
        with self._environment() as env:
            drift = env["xero.drift"].browse(drift_id)
            jobs = env["xero.job"].search([("connection_id", "=", self.connection_id), ("res_model", "=", "res.partner")])
            return drift.state, drift.answer, env["res.partner"].browse(self.partner_id).email, drift.binding_id.state, len(jobs)

    def test_while_the_other_is_answering(self):
        """Who comes while another's answer is being carried out is told so at once, and does not wait for Xero with it."""
        drift_id = self._drift()
        first, second = self._dialogs(drift_id, ["leave", "take"])
        with self._environment() as env, self._environment() as other:
            env["xero.drift.answer"].browse(first[1]).action_apply()
            env.flush_all()
            said = other["xero.drift.answer"].browse(second[1]).action_apply()["params"]
            self.assertEqual((said["type"], said["message"]), ("warning", OTHERS[1]))
        self.assertEqual(self._came_of(drift_id), ("left", "leave", "here@example.com", "accepted", 0))

    def test_who_has_not_seen_that_the_other_has_answered(self):
        """A transaction that began before the other's end sees the row as it was: PostgreSQL sends it back, and then it sees the answer."""
        drift_id = self._drift()
        first, second = self._dialogs(drift_id, ["take", "leave"])
        with self._environment() as other:
            self.assertEqual(other["xero.drift"].browse(drift_id).state, "open")
            self.assertEqual(self._click(first, "action_apply")["message"], "Taken: 1")
            said = self._again(other, second)
            self.assertIn(OTHERS[0], said["message"])
        self.assertEqual(self._came_of(drift_id), ("answered", "take", "there@example.com", "synced", 1))

    def _again(self, env, record):
        """A click in a transaction that has begun already."""
        return retrying(lambda: env[record[0]].browse(record[1]).action_apply(), env)["params"]

    def test_all_at_once(self):
        """Six people, three answers: what came of it is what the one who was told so has chosen, and nothing else."""
        drift_id = self._drift()
        dialogs = self._dialogs(drift_id, ["take", "send", "leave"] * (WORKERS // 3))
        results = self._at_once(*(lambda dialog=dialog: self._click(dialog, "action_apply") for dialog in dialogs))
        done = [result["message"] for result in results if result["type"] == "success"]
        self.assertEqual(len(done), 1, results)
        for result in results:
            self.assertTrue(result["type"] == "success" or result["message"].startswith(OTHERS), result)
        state, answer, email, _binding, _jobs = self._came_of(drift_id)
        labels = {"take": "Taken: 1", "send": "On their way: 1", "leave": "Left as they are: 1"}
        self.assertEqual((labels[answer], state), (done[0], "left" if answer == "leave" else "answered"))
        self.assertEqual(email, "there@example.com" if answer == "take" else "here@example.com")

    # === LISTS === #

    def test_the_first_who_ask_for_a_list(self):
        """Whoever comes second has a transaction in which nobody has asked yet: it is repeated, and nobody sees an error."""
        with self._environment() as env, self._environment() as other:
            own = [("connection_id", "=", self.connection_id)]
            before = other["xero.cursor"].search_count(own)
            self._ask(env, "one list", "a list")
            env.cr.commit()
            retrying(lambda: self._ask(other, "a list", "another list"), other)
            self.assertEqual(other["xero.cursor"].search_count(own), before + 3)

    def _ask(self, env, *names):
        cursors = env["xero.cursor"]._of(env["xero.connection"].browse(self.connection_id), names)
        self.assertEqual(tuple(cursors.mapped("name")), names)
        cursors._ask("person")

    # === MONEY FROM XERO === #

    def _money(self, **values):
        with self._environment() as env:
            row = {"connection_id": self.connection_id, "kind": "on_account", "xero_id": "a", "told": TOLD, "state": "asked", "amount": 10}
            return "xero.money", env["xero.money"].create({**row, **values}).id

    def _row(self, money):
        with self._environment() as env:
            row = env[money[0]].browse(money[1])
            return row.state, row.is_said, row.is_another

    def test_a_document_made_in_xero_at_once(self):
        """Rows of documents are answered as those of money: once."""
        with self._environment() as env:
            row = {"connection_id": self.connection_id, "kind": "invoice", "xero_id": "a", "told": TOLD, "state": "proposed"}
            made, methods = ("xero.made", env["xero.made"].create(row).id), ["action_take", "action_leave_out", "action_another"]
        results = self._at_once(*(lambda name=name: {**self._click(made, name), "name": name} for name in methods))
        done = [result["name"] for result in results if result["type"] == "success"]
        self.assertEqual(len(done), 1, results)
        expected = {
            "action_take": ("waiting", True, False),
            "action_leave_out": ("ignored", False, False),
            "action_another": ("waiting", True, True),
        }
        self.assertEqual(self._row(made), expected[done[0]])
        said = self._click(made, "action_take")
        self.assertEqual((said["type"], said["message"]), ("warning", "Somebody has answered this already."))

    def test_money_that_another_has_answered(self):
        """A payment that one wants booked another does not leave out, though the run that books it has not begun."""
        money = self._money()
        self.assertEqual(self._click(money, "action_book")["type"], "success")
        for method in ("action_leave_out", "action_another", "action_book"):
            said = self._click(money, method)
            self.assertEqual((said["type"], said["message"]), ("warning", "Somebody has answered this already."))
        self.assertEqual(self._row(money), ("waiting", True, False))

    def test_money_that_another_is_answering(self):
        money = self._money()
        with self._environment() as env, self._environment() as other:
            env["xero.money"].browse(money[1]).action_leave_out()
            env.flush_all()
            said = other["xero.money"].browse(money[1]).action_book()["params"]
            self.assertEqual((said["type"], said["message"]), ("warning", "Somebody is answering this now."))
        self.assertEqual(self._row(money)[:2], ("ignored", False))

    def test_money_at_once(self):
        """Book it, leave it out, two different ones: six people, and one of them is told that it happens."""
        money, methods = self._money(state="proposed"), ["action_book", "action_leave_out", "action_another"]
        results = self._at_once(*(lambda name=name: {**self._click(money, name), "name": name} for name in methods))
        done = [result["name"] for result in results if result["type"] == "success"]
        self.assertEqual(len(done), 1, results)
        expected = {
            "action_book": ("waiting", True, False),
            "action_leave_out": ("ignored", False, False),
            "action_another": ("waiting", True, True),
        }
        self.assertEqual(self._row(money), expected[done[0]])
