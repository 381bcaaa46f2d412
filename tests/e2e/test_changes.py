"""Changed in Xero, on a desk and on a phone: both values, what each answer will do, and that the row goes when it is given."""

import pytest
from looks import assert_looks_right


@pytest.fixture
def changed(connected, world, request):
    """Two invoices: of one the price was changed in Xero, the other was voided there; read, and listed."""
    width = request.node.callspec.params["width"]
    invoices = [world.new_invoice(world.new_customer(f"{name} {width}"), 400.0) for name in ("Dear Friends Ltd", "Never Mind Ltd")]
    for invoice in invoices:
        assert world.wait_for_state("account.move", invoice, "synced", "blocked", "failed") == "synced"
    priced, voided = (world.read("account.move", invoice, "xero_id")["xero_id"] for invoice in invoices)
    [row] = [row for row in world.in_xero("invoices") if row["DocumentID"] == priced]
    [line] = row["Lines"]
    kept = {name: line[name] for name in ("LineItemID", "Description", "Quantity", "AccountCode", "TaxType")}
    world.in_xero_somebody("edit", item=priced, fields={"LineItems": [{**kept, "UnitAmount": 360}]})
    world.in_xero_somebody("void", item=voided)
    world.person.call("xero.connection", "action_read_now", [connected])
    for invoice in invoices:
        assert world.wait_for_state("account.move", invoice, "drift") == "drift"
    names = [world.read("account.move", invoice, "name")["name"] for invoice in invoices]
    return invoices, names


@pytest.mark.parametrize("width", [1366, 400])
def test_changed_in_xero(changed, open_screen, world, width):
    (priced, voided), (first, second) = changed
    screen = open_screen(width=width)
    page = screen.page
    screen.go("xero-changes")
    screen.see("Change an amount", within=".o_xero_figures")
    for name in (first, second):
        screen.see(name, within=".o_content")
    screen.see("Xero cannot bring it back", within=".o_content")
    screen.picture(f"changed_list_{width}")
    assert_looks_right(screen, primary=0)

    # one row: both values, who it was, and what each answer will do
    page.locator(".o_content").get_by_text(first, exact=True).locator("visible=true").first.click()
    screen.see("Which one is right?")
    screen.see("by Rita Mills")
    screen.see("It is set to draft, changed")
    screen.picture(f"changed_one_{width}", height=None)
    assert_looks_right(screen, primary=0)
    screen.press("Take Xero's", within=".o_form_view")
    screen.see("Set to draft, changed, posted again", within=".modal")
    screen.picture(f"changed_dialog_{width}")
    screen.press("Take Xero's", within=".modal")
    screen.see("Answered by")
    screen.see("Answered", within=".o_form_view .o_xero_badge")
    assert world.read("account.move", priced, "amount_total", "state")["state"] == "posted"
    assert world.wait_for_state("account.move", priced, "synced") == "synced"

    # the other, from the list: the row goes
    screen.go("xero-changes")
    screen.see(second, within=".o_content")
    row = page.locator(".o_action_manager .o_data_row, .o_action_manager .o_kanban_record:not(.o_kanban_ghost)").filter(has_text=second)
    if width > 400:
        row.locator("input[type=checkbox]").check()
        page.keyboard.press("Alt+Shift+L")
    else:
        row.get_by_role("button", name="Leave as It Is").click()
    screen.see("Both stay", within=".modal")
    screen.press("Leave as It Is", within=".modal")
    row.wait_for(state="detached")
    assert world.read("account.move", voided, "xero_state")["xero_state"] == "accepted"
    screen.picture(f"changed_empty_{width}")
    assert_looks_right(screen)
    screen.go(f"customer-invoices/{voided}")
    screen.badge("Left as It Is")


def test_the_overview_counts_it(connected, screen, world):
    invoice = world.new_invoice(world.new_customer("Counted Ltd"), 100.0, ref="PO 7")
    assert world.wait_for_state("account.move", invoice, "synced", "blocked", "failed") == "synced"
    world.in_xero_somebody("edit", item=world.read("account.move", invoice, "xero_id")["xero_id"], fields={"Reference": "PO 8"})
    world.person.call("xero.connection", "action_read_now", [connected])
    assert world.wait_for_state("account.move", invoice, "drift") == "drift"
    screen.go("xero")
    screen.see("Changed in Xero", within=".o_xero_needs")
    screen.picture("overview_changed")
    screen.press("Answer", within=".o_xero_needs")
    screen.see("PO 8", within=".o_content")


@pytest.mark.parametrize("width", [1366, 400])
def test_changed_on_both_sides(connected, open_screen, world, width):
    """A change here of what was changed there waits: the form and the list say so, with both values, and an answer lets it go."""
    invoice = world.new_invoice(world.new_customer(f"Two Minds Ltd {width}"), 100.0, ref="PO 7")
    assert world.wait_for_state("account.move", invoice, "synced", "blocked", "failed") == "synced"
    xero_id = world.read("account.move", invoice, "xero_id")["xero_id"]
    world.in_xero_somebody("edit", item=xero_id, fields={"Reference": "PO 8"})
    world.person.call("xero.connection", "action_read_now", [connected])
    assert world.wait_for_state("account.move", invoice, "drift") == "drift"
    world.person.call("account.move", "write", [invoice], {"ref": "PO 9"})
    screen = open_screen(width=width)
    screen.go(f"customer-invoices/{invoice}")
    screen.see("It was changed in Odoo too. Nothing goes to Xero until somebody has said whose side is right.", within=".o_xero_alert")
    screen.see("Reference is “PO 8” in Xero, “PO 9” here.", within=".o_xero_alert")
    screen.picture(f"both_sides_form_{width}")
    assert_looks_right(screen)

    screen.go("xero-changes")
    screen.see("Changed here too" if width > 400 else "Changed in Odoo too", within=".o_content")
    screen.picture(f"both_sides_list_{width}")
    assert_looks_right(screen, primary=0)
    name = world.read("account.move", invoice, "name")["name"]
    screen.page.locator(".o_content").get_by_text(name, exact=True).locator("visible=true").first.click()
    screen.see("Changed in Odoo too: nothing goes to Xero until you have answered.")
    screen.picture(f"both_sides_one_{width}", height=None)
    assert [row["Reference"] for row in world.in_xero("invoices") if row["DocumentID"] == xero_id] == ["PO 8"]
    screen.press("Send Odoo's", within=".o_form_view")
    screen.press("Send Odoo's", within=".modal")
    screen.see("Answered by")
    assert world.wait_for_state("account.move", invoice, "synced") == "synced"
    assert [row["Reference"] for row in world.in_xero("invoices") if row["DocumentID"] == xero_id] == ["PO 9"]
