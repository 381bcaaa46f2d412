from odoo.tests import tagged

from ..common.changes import ChangesCommon


@tagged("post_install", "-at_install")
class TestNumbersExchanged(ChangesCommon):
    """Xero keeps the numbers of the sales side unique, Odoo lets documents exchange them."""

    def _renumber(self, numbers):
        """``{document: number}``; over names nobody has, as Odoo keeps them unique too."""
        for move in numbers:
            move.name = f"TMP/{move.id}"
        for move, number in numbers.items():
            move.name = number

    def _assert_renumbered(self, *moves):
        for move in moves:
            self.assertEqual(self._remote(move).number, move.name)
            self._assert_same(move)

    def test_two_exchange_their_numbers(self):
        for make in (self._invoice, self._credit_note):
            first, second = make(100), make(50)
            with self.subTest(first.move_type):
                self._run()
                self._renumber({first: second.name, second: first.name})
                self._run()
                self._assert_renumbered(first, second)
                self.assertFalse(self.env["xero.problem"].search([("connection_id", "=", self.connection.id), ("state", "=", "open")]))

    def test_paid_and_plain_in_a_circle_of_three(self):
        moves = self._invoice(100) + self._invoice(200) + self._invoice(300)
        self._run()
        self._pay(moves[0])
        self._run()
        before = self._calls("POST /Invoices")
        names = moves.mapped("name")
        self._renumber(dict(zip(moves, [names[1], names[2], names[0]], strict=True)))
        self._run()
        self._assert_renumbered(*moves)
        self.assertEqual(self._calls("POST /Invoices") - before, 2, "all step aside in one call, all get their numbers in another")
        self.assertEqual(len(self._live_payments(moves[0])), 1)

    def test_each_takes_the_number_of_the_next(self):
        moves = self._invoice(100) + self._invoice(200) + self._invoice(300)
        self._run()
        names = moves.mapped("name")
        self._renumber(dict(zip(moves, [names[1], names[2], "INV/2026/09999"], strict=True)))
        self._run()
        self._assert_renumbered(*moves)

    def test_a_new_one_takes_the_number_of_one_renumbered_meanwhile(self):
        old = self._invoice(100)
        self._run()
        number = old.name
        old.name = "INV/2026/09999"
        new = self._invoice(50)
        new.name = number
        self._runs()
        self._assert_renumbered(old, new)

    def test_lines_and_figures_are_remembered_through_the_step_aside(self):
        first, second = self._invoice(100, 20), self._invoice(50)
        self._run()
        lines = self._remote(first).line_item_ids
        self._renumber({first: second.name, second: first.name})
        self._run()
        self.assertEqual(self._remote(first).line_item_ids, lines)
        before = self._calls()
        (first + second).action_xero_sync()
        self._run()
        self.assertEqual(self._calls(), before)

    def test_back_to_the_old_number_before_the_other_has_moved(self):
        """The one it waits for cannot go: in Xero it stands under a number of its own, and its old name is sent again."""
        first, second = self._invoice(100), self._invoice(50)
        self._run()
        names = first.name, second.name
        self._order_fault("unavailable_503", method="POST", path="/Invoices", skip=1)
        self._renumber({first: names[1], second: names[0]})
        self._run()
        self._renumber({first: names[0], second: names[1]})
        self._runs(4)
        self._assert_renumbered(first, second)

    def test_the_number_of_a_document_that_is_held_itself(self):
        """Voided is not possible in the closed period: whoever wants the number says whose it is, and follows when that one is out."""
        old = self._invoice(100, date="2026-08-03")
        self._run()
        self._lock("2026-08-31")
        number = old.name
        old.button_draft()
        old.button_cancel()
        new = self._invoice(50)
        new.name = number
        self._runs()
        self.assertEqual(self._job(old).problem_id.code, "lock_date")
        job = self._job(new)
        self.assertEqual((job.state, job.problem_id.code), ("blocked", "number_in_use"))
        self.assertIn("Xero is locked", job.message)
        self._lock(None)
        self._job(old).action_retry()
        self._runs()
        self.assertEqual(new.xero_state, "synced", new.xero_message)
        self.assertEqual(self._remote(new).number, number)

    def test_a_number_that_somebody_used_in_xero_meanwhile(self):
        ours, theirs = self._invoice(100), self._invoice(50)
        self._run()
        self._binding(theirs).number = "as it was once"
        ours_name, wanted = ours.name, theirs.name
        theirs.name = "INV/2026/08888"
        self.env["xero.job"].search([("res_id", "=", theirs.id)]).filtered(lambda job: job.state == "pending").action_ignore()
        ours.name = wanted
        self._runs()
        job = self._job(ours)
        self.assertEqual((job.state, job.problem_id.code), ("failed", "number_in_use"))
        self.assertEqual(self._remote(ours).number, ours_name)

    def test_a_new_one_takes_the_number_of_one_in_draft(self):
        """Odoo gives the number of the last document to the next one while that is in draft; nobody waits an hour for it."""
        first = self._invoice(100)
        self._run()
        number = first.name
        first.button_draft()
        second = self._invoice(50, name=number)
        self.assertEqual(second.name, number)
        self._run()
        self._run()
        self.assertEqual(first.xero_state, "voided")
        self.env["xero.job"].sudo().search([("res_id", "=", second.id), ("is_open", "=", True)]).next_try = False  # a minute passes
        self._run()
        self.assertEqual((second.xero_state, self._remote(second).number), ("synced", number), second.xero_message)
