from itertools import permutations

from odoo.tests import tagged

from ..common.push import XeroPushCommon

# the state that counts more comes first
ORDER = ("failed", "blocked", "pending", "ignored")
SHOWN = {"sending": "pending", "uncertain": "pending"}


@tagged("post_install", "-at_install")
class TestStateShown(XeroPushCommon):
    """A record with several open jobs shows the worst of them, whichever was made first."""

    def _with_jobs(self, states):
        """A payment whose parts stand like this."""
        payment = self._pay(self._invoice(100))
        self.env["xero.job"].sudo().search([("payment_id", "=", payment.id)]).unlink()
        own = {"connection_id": self.connection.id, "payment_id": payment.id, "res_model": "account.partial.reconcile"}
        for number, state in enumerate(states):
            self.env["xero.job"].sudo().create({**own, "kind": "allocation", "res_id": 2**30 + payment.id * 10 + number, "state": state})
        self.env.flush_all()
        self.env.invalidate_all()
        return payment

    def test_the_worst_of_two(self):
        for one, other in permutations((*ORDER, "sending", "uncertain"), 2):
            with self.subTest(first=one, then=other):
                payment = self._with_jobs((one, other))
                worst = min((SHOWN.get(state, state) for state in (one, other)), key=ORDER.index)
                self.assertEqual(payment.xero_state, worst)
                found = self.env["account.payment"].search([("id", "=", payment.id), ("xero_state", "=", worst)])
                self.assertEqual(found, payment)
