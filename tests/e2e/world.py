"""What the browser tests act on: Odoo and the simulator behind the screens, and a screen with somebody in front of it."""

import os
import re
import shutil
from datetime import date

import requests

from dev import bootstrap, stack

COMPANY = "AU Company"
PICTURES = bootstrap.DEV / "screenshots"
KEPT = bootstrap.ROOT / "docs" / "images"
# Debian removed this file of Odoo's from its package; nothing of ours uses it.
KNOWN_ERRORS = ("selfie_segmentation", "favicon.ico")


class World:
    """Odoo and the simulator; what the tests arrange behind the browser's back goes through Odoo's own RPC."""

    def __init__(self, odoo, xero):
        self.odoo, self.xero = odoo, xero
        self.person = stack.Person(odoo)
        [company] = self.person.search_read("res.company", [("name", "=", COMPANY)], ["id"])
        self.company_id, self.today = company["id"], str(date.today())  # noqa: DTZ011 - the day of whoever looks at it
        self.person.work_for(self.company_id)

    def ensure_connected(self):
        call = self.person.call
        found = self.person.search_read("xero.connection", [("company_id", "=", self.company_id)], ["state", "mapping_confirmed_at"])
        connection_id = found[0]["id"] if found else call("xero.connection", "create", [{"company_id": self.company_id}])[0]
        if not found or found[0]["state"] == "draft":
            values = {"client_id": "demo-client", "client_secret": "demo-secret"}
            call("xero.connection", "write", [connection_id], values)
            self.person.consent(call("xero.connection", "action_connect", [connection_id])["url"])
        call("xero.connection", "write", [connection_id], {"sync_from": "2000-01-01"})
        if not found or not found[0]["mapping_confirmed_at"]:
            call("xero.connection", "action_confirm_mapping", [connection_id])
        return connection_id

    def new_customer(self, name, **values):
        return self.person.call("res.partner", "create", [{"name": name, "is_company": True, **values}])[0]

    def new_invoice(self, customer_id, amount=100.0, account_id=None, post=True, description="Consulting", kind="out_invoice", **values):
        line = {"name": description, "quantity": 1, "price_unit": amount}
        if account_id:
            line["account_id"] = account_id
        values |= {"move_type": kind, "partner_id": customer_id, "invoice_line_ids": [[0, 0, line]]}
        values.setdefault("invoice_date", self.today)
        move_id = self.person.call("account.move", "create", [values])[0]
        if post:
            self.person.call("account.move", "action_post", [move_id])
        return move_id

    def new_income_account(self, code, name):
        """An account that nobody has mapped yet."""
        return self.person.call("account.account", "create", [{"code": code, "name": name, "account_type": "income"}])[0]

    def read(self, model, record_id, *fields):
        return self.person.call(model, "read", [record_id], list(fields))[0]

    def wait_for_state(self, model, record_id, *states, seconds=60):
        for _look in range(seconds * 2):
            state = self.read(model, record_id, "xero_state")["xero_state"]
            if state in states:
                return state
            stack.pause(0.5)
        raise AssertionError(f"{model} {record_id} is {state}, not {states}")

    def new_user(self, login, *groups):
        group_ids = self._group_ids(groups)
        values = {"name": login.title(), "login": login, "password": login, "company_ids": [[6, 0, [self.company_id]]]}
        values |= {"company_id": self.company_id, "group_ids": [[6, 0, group_ids]], "odoobot_state": "disabled"}
        return self.person.call("res.users", "create", [values])[0]

    def _group_ids(self, xmlids):
        ids = []
        for xmlid in xmlids:
            module, name = xmlid.split(".")
            domain = [("module", "=", module), ("name", "=", name), ("model", "=", "res.groups")]
            ids += [row["res_id"] for row in self.person.search_read("ir.model.data", domain, ["res_id"])]
        return ids

    def unsent_invoice(self):
        """The id of a posted demo invoice that Xero has not seen."""
        domain = [("company_id", "=", self.company_id), ("move_type", "=", "out_invoice"), ("state", "=", "posted")]
        domain += [("xero_state", "=", False), ("payment_state", "=", "not_paid")]
        [invoice] = self.person.search_read("account.move", domain, ["id"], limit=1, order="invoice_date desc")
        return invoice["id"]

    def wait_until_at_rest(self, connection_id, seconds=120):
        domain = [("connection_id", "=", connection_id), ("state", "=", "pending")]
        for _look in range(seconds):
            if not self.person.call("xero.document", "search_count", domain):
                return
            stack.pause(1)
        raise AssertionError("The sync did not come to an end.")

    def clear_away(self):
        """Nothing is to be chosen any more, and no document is held."""
        call, search_read = self.person.call, self.person.search_read
        [other] = search_read("xero.account", [("connection_id.company_id", "=", self.company_id), ("code", "=", "260")], ["id"]) or [None]
        if other is None:
            return  # never connected
        gaps = search_read("xero.account.mapping", [("needed", "=", True), ("xero_account_id", "=", False)], ["id"])
        for gap in gaps:
            call("xero.account.mapping", "write", [gap["id"]], {"xero_account_id": other["id"]})
        for _look in range(60):
            if not call("xero.job", "search_count", [("state", "in", ("pending", "sending", "uncertain"))]):
                break
            stack.pause(1)
        held = search_read("xero.job", [("state", "in", ("blocked", "failed"))], ["id"])
        if held:
            call("xero.job", "action_ignore", [job["id"] for job in held])

    def in_xero(self, kind):
        """The records of a kind that the simulated organisation holds."""
        [organisation] = requests.get(f"{self.xero}/_simulator/state", timeout=30).json()["organisations"]
        return organisation[kind]

    def change_organisation(self, **changes):
        [organisation] = requests.get(f"{self.xero}/_simulator/state", timeout=30).json()["organisations"]
        requests.post(f"{self.xero}/_simulator/organisations/{organisation['tenant_id']}", json=changes, timeout=30).raise_for_status()

    def in_xero_somebody(self, verb, user="Rita Mills", **arguments):
        """What a person does on Xero's own screens; returns what comes of it."""
        address = f"{self.xero}/_simulator/organisations/AU/person"
        answer = requests.post(address, json={"verb": verb, "user": user, **arguments}, timeout=30)
        answer.raise_for_status()
        return answer.json()["result"]


class Screen:
    """A browser window of one person, which remembers every script error."""

    def __init__(self, context, world):
        self.world, self.errors = world, []
        self.context = context
        # the company menu of the web client writes this cookie
        context.add_cookies([{"name": "cids", "value": str(world.company_id), "url": world.odoo}])
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self._note(f"{error}\n{error.stack or ''}"))
        self.page.on("console", lambda message: message.type == "error" and self._note(f"{message.text} {message.location}"))

    def _note(self, text):
        if not any(known in text for known in KNOWN_ERRORS):
            self.errors.append(text)

    def close(self):
        self.context.close()

    def log_in(self, login):
        self.page.goto(f"{self.world.odoo}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("button[type=submit]")
        self.page.wait_for_selector(".o_web_client .o_navbar, .o_web_client .o_main_navbar")

    def go(self, path):
        """Open ``/odoo/<path>`` and wait until the view stands."""
        self.page.goto(f"{self.world.odoo}/odoo/{path}")
        self.page.wait_for_selector(".o_action_manager .o_action, .o_action_manager .o_view_controller")

    def see(self, text, within="body", timeout=30_000):
        """Wait until ``text`` (or what matches the pattern) can be read."""
        self.page.locator(within).get_by_text(text).locator("visible=true").first.wait_for(timeout=timeout)

    def press(self, name, within="body"):
        self.page.locator(within).get_by_role("button", name=name, exact=isinstance(name, str)).locator("visible=true").first.click()

    def badge(self, state, timeout=60_000):
        """Wait for the badge of the open document; nothing reads the page again here but the page itself."""
        badge = self.page.locator(".o_form_view .o_field_widget[name=xero_state] .badge")
        badge.get_by_text(re.compile(f"^{state}$")).first.wait_for(timeout=timeout)

    def picture(self, name, keep=False, height=None):
        """Save what is on the screen, or its upper part; with KEEP_PICTURES set, those to be kept go to the README's folder too."""
        self.page.wait_for_timeout(600)  # animations, images
        # at once: those that go by themselves are no longer there
        self.page.evaluate("document.querySelectorAll('.o_notification .o_notification_close').forEach((close) => close.click())")
        self.page.wait_for_timeout(200)
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        part = {"x": 0, "y": 0, "width": self.page.viewport_size["width"], "height": height} if height else None
        self.page.screenshot(path=path, animations="disabled", clip=part)
        if keep and os.environ.get("KEEP_PICTURES"):
            KEPT.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, KEPT / path.name)
