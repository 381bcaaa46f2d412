"""Where everything is, and what is missing: Documents, and "Not in Xero, and Why"."""

import re

import pytest
from looks import assert_looks_right, assert_takes_focus

ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


@pytest.fixture
def missing(connected, world):
    """Invoices that are not in Xero for several reasons; the first day that is sent, in words."""
    account = world.new_income_account("43997", "Lecture Income") if not getattr(world, "lectures", None) else world.lectures
    world.lectures = account
    world.missing = getattr(world, "missing", 0) + 1  # each test has a customer of its own: one of the same name is a question
    customer = world.new_customer(f"Missing Persons and Other Long Names of Companies Which Take More Than a Line, No. {world.missing}")
    held = world.new_invoice(customer, 1815.0, account_id=account)
    early = world.new_invoice(customer, 40.0, invoice_date="2025-02-03")
    world.person.call("xero.connection", "write", [connected], {"sync_from": "2025-03-01"})
    assert world.wait_for_state("account.move", held, "blocked", "failed") == "blocked"
    yield {"held": held, "early": early}
    world.person.call("xero.connection", "write", [connected], {"sync_from": "2000-01-01"})


@pytest.mark.parametrize("width", [1366, 400])
def test_not_in_xero_and_why(missing, open_screen, world, width):
    """The strip says how much is missing; a row per reason, its button and its documents."""
    early = world.new_invoice(world.new_customer(f"Early Birds {width}"), 30.0, invoice_date="2025-02-04")
    screen = open_screen(width=width)
    page = screen.page
    screen.go("xero-missing")
    screen.see(re.compile("Not in Xero since 1 Mar 2025"), within=".o_xero_figures")
    screen.see(re.compile("Lecture Income has no account in Xero"))
    screen.picture(f"missing_{width}")
    assert_looks_right(screen, primary=1)
    lead = page.locator(f"{ROWS} >> .btn-primary").first
    assert lead.inner_text().strip()
    assert_takes_focus(lead)

    page.locator(ROWS, has_text="Lecture Income").first.get_by_text("Lecture Income").click()
    page.locator(ROWS, has_text="Missing Persons").first.wait_for()
    assert_looks_right(screen)
    screen.picture(f"missing_documents_{width}")
    page.go_back()
    page.locator(".o_xero_figures").get_by_role("link", name="Show").click()
    screen.see(re.compile("Dated before 1 Mar 2025, the first day that is sent"))
    screen.picture(f"missing_before_{width}")
    page.locator(ROWS).first.get_by_text("Dated before").click()
    page.locator(ROWS, has_text=f"Early Birds {width}").first.wait_for()
    screen.picture(f"missing_before_documents_{width}")
    page.locator(ROWS, has_text=f"Early Birds {width}").first.get_by_text("INV/").click()
    screen.see(re.compile("Dated before 1 Mar 2025"), within=".o_xero_status")
    screen.press("Send This One", within=".o_xero_status")
    screen.badge("Synced")
    assert world.read("account.move", early, "xero_state")["xero_state"] == "synced"
    assert_looks_right(screen)


@pytest.mark.parametrize("width", [1366, 400])
def test_documents(missing, open_screen, world, width):
    """Who, when, how much, why, and the fix by its name; who leaves one out says why, and that is shown."""
    screen = open_screen(width=width)
    page = screen.page
    number = world.read("account.move", missing["held"], "name")["name"]
    screen.go("xero-documents")
    page.locator(ROWS, has_text=number).first.wait_for()
    assert page.locator(".o_facet_value", has_text="Without Contacts").count() or width == 400
    row = page.locator(ROWS, has_text=number).first
    assert "Missing Persons" in row.inner_text()
    assert "1,815.00" in row.inner_text()
    screen.picture(f"documents_{width}")
    assert_looks_right(screen)
    if width == 400:
        return
    row.locator("input[type=checkbox]").check()
    screen.press("Leave Out")
    page.locator(".modal [name=reason] input").fill("Billed by another company")
    screen.picture("leave_out")
    page.locator(".modal").get_by_role("button", name="Leave Out").click()
    page.locator(".modal").wait_for(state="detached")
    row = page.locator(ROWS, has_text=number).first
    row.locator(".o_xero_badge", has_text="Left Out").wait_for()
    assert re.search("Left out by .* on .*: Billed by another company", row.inner_text())
    row.get_by_role("button", name="Put Back In").click()
    row.locator(".o_xero_badge", has_text="Held").wait_for(timeout=60_000)
    screen.picture("documents_put_back")


def test_list_is_fresh_by_itself(missing, screen, world):
    """E5: what changes in Xero changes on the list; while rows are ticked it asks."""
    page = screen.page
    screen.go("xero-documents")
    page.locator(ROWS).first.wait_for()
    page.evaluate("window.stillTheSamePage = true")
    new = world.new_invoice(world.new_customer("Fresh Fish Ltd"), 15.0)
    number = world.read("account.move", new, "name")["name"]
    page.locator(ROWS, has_text=number).first.locator(".o_xero_badge", has_text="Synced").wait_for(timeout=60_000)
    page.locator(ROWS, has_text=number).first.locator("input[type=checkbox]").check()
    other = world.new_invoice(world.new_customer("Fresh Fruit Ltd"), 16.0)
    page.locator(".o_notification").get_by_text("New results").wait_for(timeout=60_000)
    other_number = world.read("account.move", other, "name")["name"]
    assert page.locator(ROWS, has_text=other_number).count() == 0
    page.locator(".o_notification").get_by_role("button", name="Reload").click()
    page.locator(ROWS, has_text=other_number).first.wait_for()
    assert page.evaluate("window.stillTheSamePage")
