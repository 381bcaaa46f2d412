"""What an accountant in Odoo answers to what comes from Xero, by the buttons of the screens *Money from Xero* and *Changed in Xero*."""

import random
from collections import Counter

import requests

NEEDS = ("asked", "proposed", "held", "twice")
# how often each is tried first, where it can be given
ANSWERS = {"take": 5, "send": 3, "leave": 2}
MONEY = ["kind", "xero_id", "is_gone", "state", "cause", "message", "told"]


class Answers:
    """Of one company. ``given`` counts what was answered.

    :param call: Odoo over HTTP, for somebody who works for the company; it may answer ``None`` if Odoo refuses
    :param lot: decides which answer is given to which
    """

    def __init__(self, call, xero, company, lot):
        self._call, self._xero, self._company = call, xero, company
        self._random, self._tried, self.given = random.Random(lot), Counter(), Counter()  # noqa: S311 - repeatable, no secrets
        self._own = ("connection_id", "=", company.connection_id)

    def read(self):
        """Read now."""
        self._call("xero.connection", "action_read_now", [self._company.connection_id])
        self.given["Read now"] += 1

    # === MONEY FROM XERO === #

    def money(self, *, insists=False):
        """Whether there was anything to answer.

        :param bool insists: what cannot be booked is removed in Xero; else it is looked at again
        """
        rows = self._call("xero.money", "search_read", [self._own, ("state", "in", NEEDS)], MONEY) or []
        for row in rows:
            method = self._about_money(row)
            if method == "action_look_again" and insists and not row["message"].startswith("Something"):
                self._take_away(row)
                self.given[f"money removed in Xero: {row['message']}"] += 1
            else:
                self._call("xero.money", method, [row["id"]])
                self.given[f"money, {row['state']}: {method}"] += 1
        return bool(rows)

    def _about_money(self, row):
        """Which button is pressed."""
        if row["is_gone"] or row["kind"] == "write_off":
            return "action_send_again"
        if row["state"] == "twice":
            return "action_another"
        if row["state"] == "proposed":
            return self._random.choice(("action_another", "action_same"))
        return "action_book" if row["state"] == "asked" else "action_look_again"

    def _take_away(self, row):
        try:
            if row["kind"] == "allocation":
                self._act("unallocate", credit=row["told"]["credit_id"], allocation=row["xero_id"])
            elif row["kind"] == "on_account":
                self._act("void", item=row["xero_id"])
            else:
                self._act("remove_and_redo", item=row["xero_id"])
        except requests.HTTPError:  # it is gone already, or used: what there is now is told at the next reading
            self._call("xero.money", "action_look_again", [row["id"]])

    def _act(self, verb, **arguments):
        self._xero.person(self._company.tenant_id, verb, **arguments)

    # === CHANGED IN XERO === #

    def drifts(self):
        """Whether there was anything to answer. Some at once, now and then."""
        ids = self._call("xero.drift", "search", [self._own, ("state", "=", "open")]) or []
        if len(ids) > 2 and self._random.random() < 0.3:
            self._answer(ids, self._order()[0])
        else:
            for drift_id in ids:
                self._answer_one(drift_id)
        return bool(ids)

    def _order(self):
        return sorted(ANSWERS, key=lambda answer: self._random.random() ** (1 / ANSWERS[answer]), reverse=True)

    def _answer_one(self, drift_id):
        """The first that is possible; who has tried in vain twice leaves it as it is."""
        self._tried[drift_id] += 1
        for answer in self._order() if self._tried[drift_id] < 3 else ("leave",):
            if self._answer([drift_id], answer):
                return

    def _answer(self, ids, answer):
        """Whether the dialog opened and its button was pressed."""
        action = self._call("xero.drift", f"action_{answer}", ids)
        if not action or action.get("res_model") != "xero.drift.answer":
            return False
        [dialog] = self._call("xero.drift.answer", "read", [action["res_id"]], ["is_possible"]) or [{"is_possible": False}]
        said = dialog["is_possible"] and self._call("xero.drift.answer", "action_apply", [action["res_id"]])
        self.given[f"changed in Xero, {answer}: {said['params']['type'] if said else 'not possible'}"] += 1
        return bool(said)
