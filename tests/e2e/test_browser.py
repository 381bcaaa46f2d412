"""What an administrator and an accountant do, on the real screens: connect, map, sync, see a failure and fix it."""

import contextlib
import os
import re

import pytest

from dev import databases


def test_connect_and_map(screen, world):
    """From the empty Overview through the settings and Xero's consent page to a confirmed mapping."""
    page = screen.page
    screen.go("xero")
    screen.see("Not connected to Xero yet")
    page.get_by_role("link", name="Connect to Xero").click()
    page.locator("#xero_app").wait_for()
    assert f"{world.odoo}/xero/callback" in page.locator(".o_field_widget[name=xero_redirect_uri]").inner_text()
    page.fill(".o_field_widget[name=xero_client_id] input", "demo-client")
    page.locator(".o_field_widget[name=xero_client_secret] input:visible").fill("demo-secret")
    screen.see("A client ID has 32 characters")
    screen.picture("connect", keep=True)
    screen.press("Connect")
    page.get_by_role("button", name="Allow access").wait_for()
    screen.picture("consent")
    screen.press("Allow access")

    screen.see("Confirm the Mapping")
    screen.see("41110 Sales Product #1")
    screen.picture("mapping", keep=True)
    screen.press("Confirm the Mapping")
    screen.see("Confirmed.")
    screen.go("xero")
    screen.see("Change the Day")
    screen.see("Before that day, in Odoo only")
    screen.picture("overview_first_sync")


def test_sync_invoice_while_you_watch(connected, screen, world):
    """The badge of the open invoice turns to Synced by itself; a double click sends one document."""
    page = screen.page
    invoice_id = world.unsent_invoice()
    screen.go(f"customer-invoices/{invoice_id}")
    screen.see("Not in Xero", within=".o_xero_status")
    page.evaluate("window.stillTheSamePage = true")
    page.get_by_role("button", name="Sync to Xero").dblclick()
    screen.badge("Synced")
    assert page.evaluate("window.stillTheSamePage")
    assert page.get_by_role("link", name="Open in Xero").get_attribute("href").startswith("https://go.xero.com/")
    screen.picture("invoice", keep=True)
    number = world.read("account.move", invoice_id, "name")["name"]
    assert [invoice.get("Number") for invoice in world.in_xero("invoices")].count(number) == 1

    screen.press("Pay")
    page.locator(".modal").get_by_role("button", name="Create Payment").click()
    page.locator(".modal").wait_for(state="detached")
    [payment_id] = world.read("account.move", invoice_id, "matched_payment_ids")["matched_payment_ids"]
    assert world.wait_for_state("account.payment", payment_id, "synced", "blocked", "failed") == "synced"
    screen.go(f"customer-payments/{payment_id}")
    screen.badge("Synced")
    screen.picture("payment_synced")


def test_announcement_that_was_missed(connected, screen, world):
    """The state turns although the server never told the browser."""
    world.person.call("xero.connection", "write", [connected], {"day_reserve": 999})
    invoice_id = world.new_invoice(world.new_customer("Out of Earshot Ltd"), 45.0)
    screen.go(f"customer-invoices/{invoice_id}")
    screen.badge("Waiting")
    with contextlib.closing(databases.connect(f"e2e_{os.getpid()}")) as database, database, database.cursor() as cursor:
        cursor.execute("UPDATE xero_job SET state = 'ignored' WHERE res_model = 'account.move' AND res_id = %s", [invoice_id])
    screen.badge("Left Out")
    world.person.call("xero.connection", "write", [connected], {"day_reserve": 50})


def test_form_that_is_edited_is_left_alone(connected, screen, world):
    """A change of the state in Xero never throws away what somebody is typing."""
    page = screen.page
    customer_id = world.new_customer("Careful Typists")
    screen.go(f"action-account.res_partner_action_customer/{customer_id}")
    page.fill(".o_field_widget[name=phone] input", "+61 2 9000 0000")
    world.person.call("res.partner", "action_xero_sync", [customer_id])
    world.wait_for_state("res.partner", customer_id, "synced")
    page.wait_for_timeout(2000)
    assert page.input_value(".o_field_widget[name=phone] input") == "+61 2 9000 0000"
    page.locator(".o_form_button_save").click()
    page.get_by_role("tab", name="Invoicing").click()
    screen.badge("Synced")


def test_bill_and_credit_note(connected, screen, world):
    """A bill and a credit note show where they stand, as invoices do; the Documents screen lists all kinds."""
    partner_id = world.new_customer("Both Ways Trading")
    bill_id = world.new_invoice(partner_id, 70.0, kind="in_invoice", ref="BW-1")
    note_id = world.new_invoice(partner_id, 20.0, kind="out_refund")
    for model_id, path in ((bill_id, "vendor-bills"), (note_id, "customer-invoices")):
        screen.go(f"{path}/{model_id}")
        screen.badge("Synced")
        assert screen.page.get_by_role("link", name="Open in Xero").get_attribute("href").startswith("https://go.xero.com/")
        screen.picture(f"document_{model_id}")
    screen.go("xero-documents")
    screen.see("Vendor Bill")
    screen.picture("documents_all_kinds")


def test_options_of_the_connection(connected, screen, world):
    """All that an administrator decides is one click away from the settings, in words; also in a narrow window."""
    page = screen.page
    screen.go("action-xero_connector.xero_settings_action")
    page.get_by_role("button", name="All Options").click()
    page.locator(".o_form_view .o_notebook").wait_for()
    for tab in ("What Is Sent", "Documents and Money", "Journal Entries"):
        page.get_by_role("tab", name=tab).click()
        screen.picture(f"options_{tab.split()[0].lower()}")
    page.set_viewport_size({"width": 480, "height": 900})
    page.get_by_role("tab", name="Documents and Money").click()
    screen.picture("options_narrow")
    page.set_viewport_size({"width": 1280, "height": 800})
    world.person.call("xero.connection", "write", [connected], {"rounding_policy": "rounding_line"})
    screen.go(f"action-xero_connector.xero_connection_action/{connected}")
    page.get_by_role("tab", name="Documents and Money").click()
    assert page.input_value(".o_field_widget[name=rounding_policy] input") == "Add a rounding line"
    world.person.call("xero.connection", "write", [connected], {"rounding_policy": "tax_amounts"})


def test_failure_and_fix(connected, screen, world):
    """An income account nobody has mapped holds the invoice; the button leads to the mapping, and the choice releases it."""
    page = screen.page
    account_id = world.new_income_account("43999", "Training Income")
    customer_id = world.new_customer("Bright Ideas Pty Ltd", email="accounts@bright.example")
    invoice_id = world.new_invoice(customer_id, 80.0, account_id=account_id, post=False, description="Training day")
    screen.go(f"customer-invoices/{invoice_id}")
    screen.press("Confirm")
    screen.badge("Held")
    screen.see(re.compile("Training Income.* has no account in Xero"), within=".o_xero_alert")
    screen.picture("held", keep=True)

    screen.go("xero")
    screen.see(re.compile("Training Income.* has no account in Xero"), within=".o_xero_needs")
    screen.picture("overview_problem")
    screen.go("xero-problems")
    page.locator(".o_data_row").first.locator("td[name=name]").click()
    screen.see("Choose the Xero account in the mapping.")
    screen.picture("problem_form")

    screen.go(f"customer-invoices/{invoice_id}")
    screen.press("Choose the Account", within=".o_xero_alert")
    screen.see("43999 Training Income", within=".modal")
    page.locator(".modal [name=xero_account_id] input").fill("260")
    page.get_by_role("option", name="260 Other Revenue").click()
    screen.picture("problem_choose")
    page.locator(".modal .o_form_button_save").click()
    world.wait_for_state("account.move", invoice_id, "synced")
    screen.badge("Synced")
    screen.go("xero-problems")
    screen.see("No problems")


def test_customer_of_the_same_name_is_a_question(connected, screen, world):
    """Xero has a contact of that name and nothing proves that it is the same: the person decides."""
    world.change_organisation(add_contacts=["Twin Trading"])
    customer_id = world.new_customer("Twin Trading", email="twin@example.com")
    invoice_id = world.new_invoice(customer_id, 45.0)
    assert world.wait_for_state("account.move", invoice_id, "blocked", "failed", "synced") == "blocked"
    screen.go(f"action-account.res_partner_action_customer/{customer_id}")
    screen.see(re.compile("already has a contact"), within=".o_xero_alert")
    screen.press("Choose the Contact", within=".o_xero_alert")
    screen.see("Twin Trading", within=".modal .o_list_view, .modal .o_list_renderer")
    screen.picture("namesake")
    screen.press("Use This Contact")
    world.wait_for_state("account.move", invoice_id, "synced")
    assert [contact["Name"] for contact in world.in_xero("contacts")].count("Twin Trading") == 1


def test_overview_and_documents(connected, screen, world):
    """Everything is sent on demand; problems come first, and the counters lead to the documents."""
    page = screen.page
    seminars = world.new_income_account("43998", "Seminar Income")
    held_id = world.new_invoice(world.new_customer("Eager Learners"), 120.0, account_id=seminars)
    screen.go("xero")
    screen.press("Sync Now")
    page.locator(".o_notification").get_by_text(re.compile("On the way|in step")).first.wait_for()
    world.wait_until_at_rest(connected)
    world.wait_for_state("account.move", held_id, "blocked")
    screen.go("xero")
    screen.see(re.compile("Seminar Income"), within=".o_xero_needs")
    screen.see("Calls today:")
    screen.picture("overview", keep=True, height=520)
    page.locator(".o_xero_counter a", has_text="Synced").click()
    page.locator(".o_facet_value", has_text="Synced").wait_for()
    page.locator(".o_data_row .badge").first.wait_for()
    assert page.locator(".o_data_row .badge").all_inner_texts() == ["Synced"] * page.locator(".o_data_row").count()
    screen.picture("documents")
    screen.go("customer-invoices")
    page.locator(".o_data_row td[name=xero_state] .badge").first.wait_for()
    screen.picture("invoices")
    screen.go("xero-calls")
    page.locator(".o_data_row").first.locator("td[name=path]").click()
    page.locator(".o_xero_body").first.wait_for()
    screen.picture("call")


def test_when_the_day_is_spent(connected, screen, world):
    """The budget is on the settings page; at its end the Overview says what waits, until when, and what a click still does."""
    page = screen.page
    world.wait_until_at_rest(connected)
    screen.go("action-xero_connector.xero_settings_action")
    used = world.read("xero.connection", connected, "calls_today")["calls_today"]
    page.locator(".o_field_widget[name=xero_day_budget] input").fill(str(used + 5))
    page.locator(".o_field_widget[name=xero_day_reserve] input").fill("5")
    screen.picture("settings_limits")
    with page.expect_response(lambda response: "res.config.settings/execute" in response.url):
        screen.press("Save")
    assert world.read("xero.connection", connected, "day_reserve")["day_reserve"] == 5
    waiting_id = world.new_invoice(world.new_customer("Too Late for Today Ltd"), 60.0)
    screen.go("xero")
    screen.see(re.compile("kept for documents that you send yourself"))
    screen.see("Calls today:")
    screen.picture("overview_day_spent")
    screen.go(f"customer-invoices/{waiting_id}")
    screen.badge("Waiting")
    screen.press("Sync to Xero")
    screen.badge("Synced")
    screen.go(f"action-xero_connector.xero_connection_action/{connected}")
    page.get_by_role("tab", name="Calls and Notices").click()
    screen.picture("connection_calls")
    values = {"day_budget": 1000, "day_reserve": 50}
    world.person.call("xero.connection", "write", [connected], values)


def test_selection_in_the_list(connected, screen, world):
    """Several invoices at once, from the list; credit notes among them are left out with the reason."""
    page = screen.page
    customer_id = world.new_customer("List Lovers Ltd")
    ids = [world.new_invoice(customer_id, amount) for amount in (10.0, 20.0)]
    for invoice_id in ids:
        world.wait_for_state("account.move", invoice_id, "synced")
    screen.go("customer-invoices")
    rows = page.locator(".o_data_row", has_text="List Lovers Ltd")
    for number in range(2):
        rows.nth(number).locator("input[type=checkbox]").check()
    screen.press("Sync to Xero")
    page.locator(".o_notification").get_by_text("On their way: 2").wait_for()


def test_without_rights(connected, open_screen, world):
    """Somebody who may invoice but has no Xero group sees nothing of it, but what the chatter tells everybody."""
    world.new_user("clerk", "account.group_account_invoice")
    screen = open_screen("clerk")
    invoice_id = world.new_invoice(world.new_customer("Quiet Customer"), 12.0)
    screen.go(f"customer-invoices/{invoice_id}")
    screen.see("Quiet Customer")
    assert screen.page.locator("[name^=xero_], [name^=action_xero]").count() == 0
    assert "Xero" not in "".join(screen.page.locator(".o_form_sheet_bg, .o_control_panel, .o_main_navbar").all_inner_texts())
    screen.page.locator(".o_navbar_apps_menu button").click()
    screen.page.locator(".o-dropdown--menu, .o_app").first.wait_for()
    assert "Xero" not in "".join(screen.page.locator(".o-dropdown--menu, .o_app").all_inner_texts())
    screen.go("customer-invoices")
    screen.page.locator(".o_data_row").first.wait_for()
    assert "Xero" not in screen.page.locator("body").inner_text()


def test_accountant_who_is_no_administrator(connected, open_screen, world):
    """A Xero user sees where things stand, without the administrator's buttons."""
    world.new_user("accountant", "xero_connector.group_xero_user")
    screen = open_screen("accountant")
    screen.go("xero")
    screen.see("Sync Now")
    assert screen.page.get_by_role("button", name="Open Mapping").count() == 0
    assert screen.page.locator(".o_menu_sections").get_by_text("Configuration").count() == 0
    invoice_id = world.new_invoice(world.new_customer("Accountant's Customer"), 33.0)
    screen.go(f"customer-invoices/{invoice_id}")
    screen.badge("Synced")


@pytest.mark.parametrize("path", ["xero", "xero-documents", "xero-problems"])
def test_narrow_window(connected, open_screen, path):
    """Nothing sticks out of a window of 480 pixels."""
    screen = open_screen(width=480, height=900)
    screen.go(path)
    screen.page.locator(".o_kanban_renderer, .o_view_nocontent").first.wait_for()
    screen.picture(f"narrow_{path}")
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 480
