"""Rules about documents: what stays out of Xero, what somebody approves first, and the list of what waits for that."""

import re

import pytest
from looks import assert_looks_right

RULES = "action-xero_connector.xero_rule_action"
ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


@pytest.fixture
def rule(connected, world):
    """A rule that asks about one customer's documents, by the one who may approve her own; the customer's id."""
    call, search_read = world.person.call, world.person.search_read
    world.rule_number = getattr(world, "rule_number", 0) + 1
    customer = world.new_customer(f"Approval and Sons, Importers of Long Names, No. {world.rule_number}")
    [admin] = search_read("res.users", [("login", "=", "admin")], ["id"])
    call(
        "res.users",
        "write",
        [admin["id"]],
        {"group_ids": [[4, each, 0] for each in world._group_ids(["xero_connector.group_xero_approver"])]},
    )
    call("xero.connection", "write", [connected], {"approves_own": True})
    values = {"name": "Look first", "use": "send", "how": "ask", "connection_id": connected, "domain": f"[('partner_id', '=', {customer})]"}
    [made] = call("xero.rule", "create", [values])
    yield customer
    call("xero.rule", "unlink", [made])
    call("xero.connection", "write", [connected], {"approves_own": False})


@pytest.mark.parametrize("width", [1366, 400])
def test_approve(rule, open_screen, world, width):
    first, second = world.new_invoice(rule, 1815.0), world.new_invoice(rule, 99.0)
    for invoice in (first, second):
        assert world.wait_for_state("account.move", invoice, "approval", "synced") == "approval"
    screen = open_screen(width=width)
    page = screen.page
    screen.go("action-xero_connector.xero_approval_action")
    rows = page.locator(ROWS)
    rows.nth(1).wait_for()
    screen.see("The first for this customer.")
    screen.picture(f"to_approve_{width}")
    assert_looks_right(screen)
    row = page.locator(ROWS, has_text=re.compile(r"1,815\.00|1,996\.50"))
    row.get_by_role("button", name="Approve").click()
    screen.see(re.compile("Approved: 1 · On their way"))
    row.wait_for(state="detached")
    assert world.wait_for_state("account.move", first, "synced", "failed", "blocked") == "synced"
    page.locator(ROWS).first.get_by_role("button", name="Send Back").click()
    page.locator(".modal [name=reason] input").fill("Wrong price")
    screen.picture(f"send_back_{width}")
    page.locator(".modal").get_by_role("button", name="Send Back").click()
    screen.see("Sent back: 1")
    screen.see("Nothing waits for your approval.")
    screen.picture(f"to_approve_nothing_{width}")
    assert world.read("account.move", second, "xero_state")["xero_state"] == "ignored"


@pytest.mark.parametrize("width", [1366, 400])
def test_rule_about_documents(rule, open_screen, world, width):
    """The form says what a change of it changes before it is saved; documents say which rule keeps them out."""
    invoice = world.new_invoice(rule, 50.0)
    assert world.wait_for_state("account.move", invoice, "approval", "synced") == "approval"
    screen = open_screen(width=width)
    page = screen.page
    screen.go(RULES)
    screen.see(re.compile("Partner is Approval and Sons"))
    screen.picture(f"rules_about_documents_{width}")
    assert_looks_right(screen)
    page.get_by_text(re.compile("Partner is Approval and Sons")).locator("visible=true").first.click()
    page.get_by_label("Leave Out").check()
    screen.see(re.compile("Would be left out: 1"))
    screen.picture(f"rule_about_documents_{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".o_form_button_save").click()
    assert world.wait_for_state("account.move", invoice, "ignored", "synced") == "ignored"
    screen.go(f"action-account.action_move_out_invoice_type/{invoice}")
    screen.see(re.compile("Left out by the rule “Look first”"))
    screen.picture(f"left_out_{width}")
