"""The invoice's form: is it in Xero, is it the same, is the money there too, and what is to be done."""

import re

import pytest
from looks import assert_looks_right


@pytest.mark.parametrize("width", [1366, 400])
def test_held(connected, open_screen, world, width):
    """The root cause, what to do, and the fix as the one thing that is purple."""
    account = world.new_income_account(f"43{width}", f"Choir Income {width}")
    customer = world.new_customer(f"Held Hands Ltd {width}")
    ids = [world.new_invoice(customer, amount, account_id=account) for amount in (90.0, 95.0)]
    for invoice_id in ids:
        world.wait_for_state("account.move", invoice_id, "blocked")
    screen = open_screen(width=width)
    screen.go(f"customer-invoices/{ids[0]}")
    screen.badge("Held")
    screen.see(re.compile("Choir Income.* has no account in Xero"), within=".o_xero_alert")
    screen.see("What to do:", within=".o_xero_alert")
    screen.see("Held up with it:", within=".o_xero_alert")
    screen.picture(f"invoice_held_{width}")
    assert_looks_right(screen)
    assert screen.page.locator(".o_xero_alert .btn-primary:visible").count() == 1
    screen.press("Show them", within=".o_xero_alert")
    screen.page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").nth(1).wait_for()


@pytest.mark.parametrize("width", [1366, 400])
def test_paid_and_checked(connected, open_screen, world, width):
    """Both payments and their state, what is due in both, when it was found the same; the chatter says it was sent."""
    customer = world.new_customer(f"Paid in Parts Ltd {width}")
    invoice = world.new_invoice(customer, 440.0)
    world.wait_for_state("account.move", invoice, "synced")
    values = {"name": "order.txt", "datas": "c29tZSBjb250ZW50", "res_model": "account.move", "res_id": invoice}
    world.person.call("ir.attachment", "create", [values])
    wizard_context = {"active_model": "account.move", "active_ids": [invoice]}
    wizard = world.person.call("account.payment.register", "create", [{"amount": 200.0}], context=wizard_context)[0]
    world.person.call("account.payment.register", "action_create_payments", [wizard], context=wizard_context)
    [payment] = world.read("account.move", invoice, "matched_payment_ids")["matched_payment_ids"]
    world.wait_for_state("account.payment", payment, "synced")
    screen = open_screen(width=width)
    page = screen.page
    screen.go(f"customer-invoices/{invoice}")
    screen.badge("Synced")
    screen.see(re.compile("Checked .*: the same in Xero."), within=".o_xero_status")
    page.get_by_role("tab", name="Xero").click()
    page.locator("[name=xero_money_ids]").get_by_text("200.00").locator("visible=true").first.wait_for()
    screen.see("order.txt", within="[name=xero_files]")
    screen.see("Sent to Xero.", within="[name=xero_timeline]")
    screen.see(re.compile("Payment sent: .*200.00"), within="[name=xero_timeline]")
    screen.press("Read It in Xero")
    page.locator("[name=xero_due_state]").get_by_text("Agrees").wait_for()
    screen.see("Sent to Xero.", within=".o-mail-Chatter")
    screen.picture(f"invoice_synced_{width}")
    assert_looks_right(screen)
    screen.press(re.compile("Show Me Why"), within=".tab-pane")
    for question in ("Is it sent?", "Which account and tax?", "Where is it now?", "What was sent and seen?", "Calls"):
        screen.see(question, within="[name=xero_why]")
    screen.see("Nothing of it is on its way.")
    assert "/xero-why/" in page.url
    screen.picture(f"why_{width}")
    assert_looks_right(screen, primary=1)
    page.reload()
    screen.see("Is it sent?", within="[name=xero_why]")


def test_why_not(connected, screen, world):
    """Of what nobody has sent: what would become of it now, and the way to what decides; the text goes to a helper."""
    world.person.call("xero.connection", "write", [connected], {"sync_invoice": "manual"})
    try:
        invoice = world.new_invoice(world.new_customer("Why Not Ltd"), 70.0)
        screen.go(f"customer-invoices/{invoice}")
        screen.press("Show Me Why", within=".o_xero_status")
        screen.see(re.compile("If it were sent now: it would (wait|be made)"))
        screen.see("Open the Settings", within=".o_form_statusbar")
        screen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        screen.press(re.compile("Copy as Text"))
        copied = screen.page.wait_for_function("navigator.clipboard.readText()").json_value()
        assert "Is it sent?" in copied
        assert "If it were sent now" in copied
        screen.picture("why_not")
    finally:
        world.person.call("xero.connection", "write", [connected], {"sync_invoice": "auto"})


def test_voided(connected, screen, world):
    """E11: what was cancelled reads Voided and keeps its link."""
    invoice = world.new_invoice(world.new_customer("Void Where Prohibited Ltd"), 33.0)
    world.wait_for_state("account.move", invoice, "synced")
    world.person.call("account.move", "button_draft", [invoice])
    world.person.call("account.move", "button_cancel", [invoice])
    world.wait_for_state("account.move", invoice, "voided")
    screen.go(f"customer-invoices/{invoice}")
    screen.badge("Voided")
    assert screen.page.locator(".o_xero_status").get_by_role("link", name="Open in Xero").count() == 1
    screen.see("Voided in Xero.", within=".o-mail-Chatter")
    screen.picture("invoice_voided")
