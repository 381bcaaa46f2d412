"""After the storm: no more faults, everything started again, and waiting until nothing is on its way. People may press buttons."""

import time
from collections import Counter

import requests

from dev import stack
from tests.faults.answers import Answers

ON_ITS_WAY = ("pending", "sending", "uncertain")
# Odoo's scheduler looks every minute by itself; what is due for longer than this without anything happening stands still.
STUCK = 80
HELD = """
    SELECT j.id, j.kind, j.operation, j.state, j.message, j.xero_messages, p.code
      FROM xero_job j LEFT JOIN xero_problem p ON p.id = j.problem_id
     WHERE j.connection_id = %s AND j.state IN ('blocked', 'failed') ORDER BY j.id
"""
STANDING = """
    WITH clock AS (SELECT now() AT TIME ZONE 'UTC' AS now)
    SELECT c.id, count(j.id) AS waiting, coalesce(sum(j.tries), 0) AS tries,
           (SELECT max(id) FROM xero_call WHERE connection_id = c.id) AS call,
           count(j.id) FILTER (WHERE greatest(j.next_try, c.paused_until, '2000-01-01') < clock.now) AS due
      FROM clock, xero_connection c LEFT JOIN xero_job j ON j.connection_id = c.id AND j.state = ANY(%s)
     WHERE c.id = ANY(%s) GROUP BY c.id ORDER BY c.id
"""
PAID_AND_CHANGED = """
    SELECT DISTINCT j.res_id AS move_id, p.id AS partial_id
      FROM xero_job j JOIN account_move_line l ON l.move_id = j.res_id
      JOIN account_partial_reconcile p ON l.id IN (p.debit_move_id, p.credit_move_id)
     WHERE j.connection_id = %s AND j.kind IN ('invoice', 'bill', 'credit_note') AND j.state = 'failed'
"""
IN_USE = """
    SELECT DISTINCT b.xero_id
      FROM xero_job j JOIN xero_problem p ON p.id = j.problem_id AND p.code = 'money_in_use'
      JOIN xero_binding b ON (b.connection_id, b.owner_model, b.owner_id) = (j.connection_id, j.res_model, j.res_id)
           AND b.kind = 'on_account'
     WHERE j.connection_id = %s AND j.state = 'failed'
"""
# Also those that a restored backup has as they were before they were posted, though they are in Xero.
DRAFTS = """
    SELECT id FROM account_move m WHERE company_id = %s AND origin_payment_id IS NULL AND state = 'draft'
       AND (posted_before AND move_type <> 'entry'
            OR EXISTS (SELECT 1 FROM xero_binding b WHERE b.res_model = 'account.move' AND b.res_id = m.id AND b.is_there))
"""
# What somebody has voided in Xero, or a database has forgotten that it has.
VOIDED = """
    SELECT DISTINCT j.res_id AS id FROM xero_job j
     WHERE j.connection_id = %s AND j.res_model = 'account.move' AND j.state = 'failed' AND j.message LIKE '%%was voided in Xero.'
"""
CHANGED = "SELECT res_model AS model, res_id AS id FROM xero_binding WHERE connection_id = %s AND state = 'drift' ORDER BY id"
# Lists of Xero that are being read, or that somebody has asked for; and money of which nothing has been decided yet.
READING = """
    SELECT (SELECT count(*) FROM xero_cursor WHERE connection_id = ANY(%s) AND (asked IS NOT NULL OR started_at IS NOT NULL))
         + (SELECT count(*) FROM xero_money WHERE connection_id = ANY(%s) AND state = 'waiting' AND looked_at IS NULL) AS waiting
"""
# Whose database came back from a backup, and has not read yet what Xero has done since.
RESTORED = "SELECT count(*) AS waiting FROM xero_connection WHERE id = ANY(%s) AND restored_from IS NOT NULL"
# A day goes by: all lists are read whole again, with what moves no stamp.
NEXT_DAY = "UPDATE xero_cursor SET whole_at = whole_at - interval '25 hours' WHERE connection_id = %s RETURNING id"
ROUNDS = 4  # of pressing Retry on what is held or failed
ANSWERING = 12  # of reading Xero and answering what comes of it


class Calming:
    """``notes`` says what was needed, ``waits`` what was waited for longest, ``at_rest`` whether nothing is on its way any more."""

    def __init__(self, admin, companies, administrator, query, xero, patience=STUCK, seed=None):
        """:param seed: with people on both sides: decides what is answered to what comes from Xero"""
        self._xero = xero
        self._admin, self._companies, self._administrator, self._query = admin, companies, administrator, query
        self._patience = patience
        self.notes, self.waits, self.reasons = Counter(), Counter(), Counter()
        self.at_rest = False
        self._cancelled = {}  # by company: documents to be confirmed again, once Xero was told that they are cancelled
        self.answers = [Answers(self._person, xero, each, f"{seed} {each.name}") for each in companies] if seed is not None else []

    def run(self, limit):
        deadline = time.monotonic() + limit
        self._finish_drafts()
        for _round in range(ROUNDS):
            self.at_rest = self._wait(deadline)
            if not self.at_rest or not self._help():
                break
        self.at_rest = self._wait(deadline)
        if self.answers:
            self._answer(time.monotonic() + limit)
        return self.at_rest

    # === WHAT COMES FROM XERO === #

    def _answer(self, deadline):
        """Xero is read whole and what waits is answered, until nothing is asked any more; what is held meanwhile is retried."""
        for number in range(ANSWERING):
            self.read_all()
            self.at_rest = self._wait(deadline)
            asked = [self._answer_company(answers, company, number) for answers, company in self._desks()]
            self.at_rest = self._wait(deadline)
            if not self.at_rest or not any(asked):
                return
            if number % 2:
                self._help()
                self._finish_drafts()

    def _answer_company(self, answers, company, number):
        self._admin.work_for(company.company_id)
        about_money, about_drifts = answers.money(insists=number > 1), answers.drifts()
        return about_money or about_drifts

    def _desks(self):
        return zip(self.answers, self._companies, strict=True)

    def read_all(self):
        """All lists of Xero, whole, as they are once a day."""
        for answers, company in self._desks():
            self._admin.work_for(company.company_id)
            self._query(NEXT_DAY, company.connection_id)
            answers.read()

    @property
    def given(self):
        return sum((answers.given for answers in self.answers), Counter())

    def press_sync_now(self, limit):
        """Whether it comes to rest after one more click on Sync now."""
        for company in self._companies:
            self._click(company)
        return self._wait(time.monotonic() + limit)

    def ask_about_changes(self):
        """Sync to Xero on each document that was changed in Xero: it is read there again. Contacts that differ still are Odoo's."""
        for company in self._companies:
            self._admin.work_for(company.company_id)
            for row in self._query(CHANGED, company.connection_id):
                self.notes["documents changed in Xero asked about"] += 1
                self._person(row["model"], "action_xero_sync", [row["id"]])
            for row in self._query(CHANGED, company.connection_id):
                if row["model"] == "res.partner":
                    self.notes["contacts changed in Xero answered with Odoo's"] += 1
                    self._person(row["model"], "action_xero_send_ours", [row["id"]])

    # === WAITING === #

    def _wait(self, deadline):
        last, since = None, time.monotonic()
        while time.monotonic() < deadline:
            self._administrator.look_after()
            now = self._standing()
            if not any(row["waiting"] for row in now) and not self._is_reading():
                return True
            if now != last:
                last, since = now, time.monotonic()
            elif time.monotonic() - since > self._patience and (any(row["due"] for row in now) or self._is_reading()):
                self._unstick(now)
                since = time.monotonic()
            stack.pause(0.5)
        return False

    def _is_reading(self):
        """Whether something of what Xero tells is still to be read, or decided about: with people on both sides, and after a backup."""
        own = [company.connection_id for company in self._companies]
        if self._query(RESTORED, own)[0]["waiting"]:
            return True
        return bool(self.answers) and self._query(READING, own, own)[0]["waiting"] > 0

    def _standing(self):
        """Per connection: how many jobs are on their way, how many could go now, and a figure that moves when anything does."""
        own = [company.connection_id for company in self._companies]
        return self._query(STANDING, list(ON_ITS_WAY), own)

    def _note_waiting(self):
        """What is due, and since when."""
        own = [company.connection_id for company in self._companies]
        statement = """SELECT c.name, j.kind, j.state, coalesce(j.message, c.state_message) AS why,
                              round(EXTRACT(EPOCH FROM greatest(j.next_try, c.paused_until) - now() AT TIME ZONE 'UTC')) AS seconds
                         FROM xero_job j JOIN xero_connection c ON c.id = j.connection_id WHERE j.state = ANY(%s) AND c.id = ANY(%s)
                          AND greatest(j.next_try, c.paused_until, '2000-01-01') < now() AT TIME ZONE 'UTC'"""
        for row in self._query(statement, list(ON_ITS_WAY), own):
            self.waits[f"{row['kind']} {row['state']}: {row['why']} (due for {-int(row['seconds'] or 0)} s)"] += 1

    def _unstick(self, standing):
        """The administrator presses Run Manually on the connection's scheduled action: it finds nothing that is not waiting already."""
        self._note_waiting()
        for company, row in zip(sorted(self._companies, key=lambda c: c.connection_id), standing, strict=True):
            if row["due"] or self._is_reading():
                self.notes[f"runs by hand because due documents stood still for {self._patience} s"] += 1
                [cron] = self._query("SELECT cron_id AS id FROM xero_connection WHERE id = %s", company.connection_id)
                self._person("ir.cron", "method_direct_trigger", [cron["id"]])

    def _click(self, company):
        self._admin.work_for(company.company_id)
        self._person("xero.connection", "action_sync_now", [company.connection_id])

    def _person(self, model, method, *args, **kwargs):
        """A click; if Odoo refuses it, that is noted and life goes on."""
        try:
            return self._admin.call(model, method, *args, **kwargs)
        except (RuntimeError, requests.RequestException) as refusal:
            self.notes[f"refused: {model}.{method}: {str(refusal)[:120]}"] += 1
            return None

    # === WHAT PEOPLE DO ABOUT IT === #

    def _finish_drafts(self):
        """Whoever was interrupted between Reset to Draft and Confirm finishes it."""
        for company in self._companies:
            drafts = [row["id"] for row in self._query(DRAFTS, company.company_id)]
            self._admin.work_for(company.company_id)
            for move_id in drafts:
                self.notes["interrupted edits finished"] += 1
                self._person("account.move", "action_post", [move_id])

    def _help(self):
        """Solve what a person can solve and press Retry on the rest; returns whether anything was pressed."""
        pressed = bool(self._cancelled)
        for company in self._companies:
            self._admin.work_for(company.company_id)
            self._rename_namesakes(company)
            self._make_anew(company)
            self._undo_matches(company)
            self._void_money_on_account(company)
            for row in self._query(HELD, company.connection_id):
                what = f"{row['kind']} {row['operation'] or ''} {row['state']} ({row['code']})"
                reason = f"{what}: {row['message']} [{row['xero_messages'] or ''}]"
                self.reasons[reason] += 1
                self.notes[f"Retry on a {row['state']} document"] += 1
                self._person("xero.job", "action_retry", [row["id"]])
                pressed = True
        return pressed

    def _rename_namesakes(self, company):
        """Two customers of one name: give the second another name in Xero."""
        statement = "SELECT DISTINCT res_id FROM xero_problem WHERE connection_id = %s AND state = 'open' AND code = 'contact_namesake'"
        for row in self._query(statement, company.connection_id):
            partner = self._person("res.partner", "read", [row["res_id"]], ["name"])
            if partner:
                self.notes["namesakes given another name in Xero"] += 1
                name = f"{partner[0]['name'][:200]} ({row['res_id']})"
                self._person("res.partner", "write", [row["res_id"]], {"xero_contact_name": name})

    def _make_anew(self, company):
        """What was voided in Xero and is right: people do what its message says, cancel it, reset it to draft and confirm it."""
        for move_id in self._cancelled.pop(company.company_id, ()):
            self._person("account.move", "button_draft", [move_id])
            self._person("account.move", "action_post", [move_id])
        for row in self._query(VOIDED, company.connection_id):
            self.notes["documents made anew because they were voided in Xero"] += 1
            self._cancelled.setdefault(company.company_id, []).append(row["id"])
            self._person("account.move", "button_draft", [row["id"]])
            self._person("account.move", "button_cancel", [row["id"]])

    def _undo_matches(self, company):
        """Xero refuses to change an invoice that has payments; people do what its message says and undo the match."""
        for row in self._query(PAID_AND_CHANGED, company.connection_id):
            self.notes["matches undone because the invoice was changed and Xero refuses that while it has payments"] += 1
            self._person("account.move", "js_remove_outstanding_partial", [row["move_id"]], row["partial_id"])

    def _void_money_on_account(self, company):
        """Xero lets no program void an overpayment; the message asks a person to do it there."""
        ids = [row["xero_id"] for row in self._query(IN_USE, company.connection_id)]
        for xero_id in ids:
            self.notes["money on account voided in Xero by hand, because it has changed in Odoo"] += 1
            try:
                self._xero.change(company.tenant_id, void_prepaid=[xero_id])
            except requests.RequestException as refusal:
                self.notes[f"refused by Xero: {refusal}"[:160]] += 1
