"""Rules of every screen (A1, A2): the keyboard alone reaches what is to be done, Xero may be away, a second click makes nothing twice."""

import os
import re

import pytest
from looks import assert_looks_right

from dev import databases, stack

SCREENS = ("xero", "xero-documents", "xero-problems", "action-xero_connector.xero_reason_action")
MAPPING = "action-xero_connector.xero_connection_action_mapping"


def _tab_to(page, name, most=60):
    """From the search field down into the page, as Odoo's keys are, and on with Tab until the button has the focus; how often it took."""
    page.get_by_role("button", name=name).locator("visible=true").first.wait_for()
    page.wait_for_function("document.activeElement.matches('.o_searchview_input')")
    page.keyboard.press("ArrowDown")
    for count in range(1, most):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement && document.activeElement.innerText || ''")
        if focused.strip() == name:
            return count
    raise AssertionError(f"{name} was not reached with the Tab key")


def _held(world, number):
    account = world.new_income_account(f"4370{number}", f"Keyboard Income {number}")
    invoice = world.new_invoice(world.new_customer(f"No Mouse Ltd {number}"), 60.0, account_id=account)
    world.wait_for_state("account.move", invoice, "blocked")
    return invoice


def test_the_keyboard_alone(connected, open_screen, world):
    """A2: the primary action of each screen takes the focus by Tab; in lists Enter does it, in forms its key."""
    invoice = _held(world, 1)
    world.wait_for_state("account.move", world.new_invoice(world.new_customer("No Mouse but Money Ltd"), 10.0), "synced")
    screen = open_screen(width=1366)
    page = screen.page
    screen.go("xero")
    _tab_to(page, "Sync Now")
    screen.go("xero-problems")
    page.locator(".o_data_row").first.wait_for()
    _tab_to(page, "Choose the Account")
    page.keyboard.press("Enter")  # which opens the row, as in every list of Odoo
    page.locator(".o_form_view .o_statusbar_buttons").get_by_role("button", name="Choose the Account").wait_for()
    page.keyboard.press("Alt+q")
    page.locator(".modal [name=xero_account_id]").wait_for()
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="detached")
    screen.go(f"customer-invoices/{invoice}")
    screen.badge("Held")
    page.keyboard.press("Alt+q")
    page.locator(".modal [name=xero_account_id]").wait_for()
    page.keyboard.press("Escape")
    page.locator(".modal").wait_for(state="detached")
    screen.go(MAPPING)
    screen.see(re.compile(r"^To choose: \d"))
    page.locator(".o_field_widget[name=account_gap_ids] .o_data_row").first.wait_for()
    screen.picture("rules_keyboard_mapping")


def test_coming_back_to_the_list_of_problems(connected, open_screen, world):
    """Screen 5: the fix is chosen in its dialog; the list looks by itself, and says what came of it although the row is gone."""
    _held(world, 2)
    screen = open_screen(width=1366)
    page = screen.page
    screen.go("xero-problems")
    row = page.locator(".o_data_row", has_text="Keyboard Income 2")
    row.get_by_role("button", name="Choose the Account").click()
    page.locator(".modal [name=xero_account_id] input").wait_for()
    page.keyboard.press("Escape")  # came back without a choice
    page.locator(".modal").wait_for(state="detached")
    screen.see(re.compile("Looking again….*Keyboard Income 2|Still there:.*Keyboard Income 2"), within=".o_xero_standing")
    screen.see(re.compile("Still there:.*Keyboard Income 2"), within=".o_xero_standing", timeout=60_000)
    screen.picture("problems_still_there")
    row.get_by_role("button", name="Choose the Account").click()
    page.locator(".modal [name=xero_account_id] input").fill("260")
    page.get_by_role("option", name="260 Other Revenue").click()
    page.locator(".modal .o_form_button_save").click()
    page.locator(".modal").wait_for(state="detached")
    screen.see(re.compile("Solved. On their way: 1 · .*Keyboard Income 2"), within=".o_xero_standing", timeout=60_000)
    screen.picture("problems_solved_list")
    assert_looks_right(screen)


@pytest.mark.parametrize("width", [1366, 400])
def test_xero_cannot_be_reached(connected, open_screen, world, width):
    """A1: every screen of ours opens, shows what was last read, and says on top that Xero is away and nothing is lost."""
    world.wait_until_at_rest(connected)
    away = "failures = 2, state_message = 'Xero cannot be reached.', paused_until = now() AT TIME ZONE 'UTC' + interval '1 hour'"
    _set(connected, away)
    try:
        screen = open_screen(width=width)
        for path in (*SCREENS, MAPPING):
            screen.go(path)
            screen.see(re.compile("Xero cannot be reached"))
            if path != "xero":
                screen.see(re.compile("Nothing is lost; it goes on by itself"))
            assert_looks_right(screen)
            screen.picture(f"away_{path.rpartition('.')[2]}_{width}")
    finally:
        _set(connected, "failures = 0, state_message = NULL, paused_until = NULL")


def _set(connection_id, values):
    databases.execute(f"UPDATE xero_connection SET {values} WHERE id = {int(connection_id)}", database=f"e2e_{os.getpid()}")


def test_a_second_click(connected, open_screen, world):
    """A2: whoever clicks twice sends once, and creates once."""
    world.wait_until_at_rest(connected)
    account = world.new_income_account("43790", "Twice Clicked Income")
    invoice = world.new_invoice(world.new_customer("Click Click Ltd"), 60.0, account_id=account)
    world.wait_for_state("account.move", invoice, "blocked")
    before = len(world.in_xero("accounts"))
    screen = open_screen(width=1366)
    page = screen.page
    screen.go(MAPPING)
    row = page.locator(".o_data_row", has_text="43790 Twice Clicked Income")
    row.get_by_role("button", name="Create in Xero").click()
    dialog = page.locator(".modal")
    for fact in ("43790", "Twice Clicked Income", "Revenue"):
        dialog.get_by_text(fact, exact=True).first.wait_for()
    assert len(world.in_xero("accounts")) == before, "nothing is made before it is answered"
    screen.picture("mapping_create")
    assert_looks_right(screen)
    dialog.get_by_role("button", name="Create in Xero").dblclick()
    dialog.wait_for(state="detached")
    screen.see(re.compile("Created in Xero: 43790 Twice Clicked Income"))
    assert len(world.in_xero("accounts")) == before + 1
    world.wait_for_state("account.move", invoice, "synced")
    number = world.read("account.move", invoice, "name")["name"]
    screen.go(f"customer-invoices/{invoice}")
    screen.badge("Synced")
    page.get_by_role("button", name="Sync to Xero").dblclick()
    screen.see(re.compile("Checked .*: the same in Xero"))
    stack.pause(2)
    assert len([row for row in world.in_xero("invoices") if row.get("Number") == number]) == 1


def test_the_accounting_dashboard(connected, screen, world):
    """E16: the card of a journal says how many of its documents are not in Xero, and opens them."""
    _held(world, 3)
    screen.go("accounting")
    screen.page.get_by_text("Not in Xero", exact=True).first.click()
    screen.page.locator(".o_data_row").first.wait_for()
    screen.see("Held")
    screen.picture("dashboard_missing")
