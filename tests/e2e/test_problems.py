"""The Problems, on a desk and on a phone: what is in the way, what to do, and that it is looked at again by itself."""

import os
import re

import pytest

from dev import databases, stack

LINES = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
WIDTHS = (1366, 400)


def is_plain(screen):
    """Rules of every screen that a machine can check."""
    page = screen.page
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
    text = page.locator(".o_action_manager").inner_text()
    assert not re.search(r"\b\d{4}-\d\d-\d\d\b|\(s\)|HTTP|\b1 documents\b", text), text
    for badge in page.locator(".o_field_xero_state .badge").locator("visible=true").all():
        assert badge.locator("i.fa").count() == 1, badge.inner_text()
        assert badge.inner_text().strip(), "a badge without a word"


@pytest.mark.parametrize("width", WIDTHS)
def test_one_cause_until_it_is_gone(connected, open_screen, world, width):
    """Xero closes a period: one row for all documents, with its fix; moved back, Retry solves it, without reloading the page."""
    world.wait_until_at_rest(connected)
    customer_id = world.new_customer(f"Closed Books of a Company Whose Name Takes More than One Line on Any Screen {width}")
    world.wait_for_state("account.move", world.new_invoice(customer_id, 10.0), "synced")
    world.change_organisation(period_lock_date=world.today)
    try:
        ids = [world.new_invoice(customer_id, 110.0 + number) for number in range(3)]
        for move_id in ids:
            world.wait_for_state("account.move", move_id, "blocked", "failed")
        screen = open_screen(width=width, height=768 if width > 1000 else 800)
        page = screen.page
        screen.go("xero-problems")
        rows = page.locator(LINES).locator("visible=true")
        rows.first.wait_for()
        assert rows.count() == 1, rows.all_inner_texts()
        screen.see("Open Xero's Lock Date")
        screen.picture(f"problems_{width}")
        is_plain(screen)

        page.get_by_text(re.compile("Xero is locked up to")).locator("visible=true").first.click()
        page.locator(".o_form_view .o_statusbar_status").first.wait_for()
        screen.see("Move the lock date in Xero")
        assert page.locator(".o_form_view .o_statusbar_status").count() == 1
        assert page.locator(".o_form_view .o_data_row, .o_form_view .o_kanban_record:not(.o_kanban_ghost)").count() == len(ids)
        assert page.locator(".o_form_view .o_statusbar_buttons .btn-primary, .o_form_view .o_cp_buttons .btn-primary").count() <= 1
        screen.picture(f"problem_{width}")
        is_plain(screen)
    finally:
        world.change_organisation(period_lock_date=None)
        if "page" not in locals() or "/xero-problems/" not in page.url:
            world.person.call("xero.connection", "action_sync_now", [connected])
    problem_id = int(re.search(r"/(\d+)$", page.url).group(1))
    _press_retry(screen)
    screen.see(re.compile("Looking again…|Solved. On their way"))
    for move_id in ids:
        world.wait_for_state("account.move", move_id, "synced")
    screen.see(re.compile("Solved. On their way: 3"))
    assert world.read("xero.problem", problem_id, "state")["state"] == "solved"
    screen.picture(f"problem_solved_{width}")
    screen.go("xero-problems")
    screen.see(re.compile("No problems. Checked"))
    screen.picture(f"problems_none_{width}")
    is_plain(screen)


def _press_retry(screen):
    page = screen.page
    button = page.get_by_role("button", name="Retry", exact=True).locator("visible=true")
    if not button.count():
        page.locator(".o_cp_action_menus .dropdown-toggle, .o_statusbar_buttons .dropdown-toggle, .o_statusbar_buttons_dropdown").locator(
            "visible=true"
        ).last.click()
    button.first.click()


def test_coming_back_from_the_fix_looks_again(connected, open_screen, world):
    """The fix opens a page of Xero; whoever comes back to the tab sees that it is looked at, and that it is solved."""
    world.wait_until_at_rest(connected)
    customer_id = world.new_customer("Come Back Soon")
    world.wait_for_state("account.move", world.new_invoice(customer_id, 10.0), "synced")
    contact = world.read("res.partner", customer_id, "xero_id")["xero_id"]
    world.change_organisation(archive_contacts=[contact])
    held_id = world.new_invoice(customer_id, 20.0)
    world.wait_for_state("account.move", held_id, "blocked", "failed")
    screen = open_screen(width=1366, height=768)
    page = screen.page
    page.add_init_script("window.open = (url) => { window.opened = url; }")
    screen.go("xero-problems")
    page.locator(".o_data_row td[name=name]").first.click()
    page.locator(".o_form_view .o_statusbar_status").wait_for()
    page.evaluate("window.open = (url) => { window.opened = url; return window; }")
    screen.press("Open the Contact in Xero", within=".o_form_view")
    stack.pause(1)
    assert "Contacts%2FView%2F" in page.evaluate("window.opened")
    world.change_organisation(restore_contacts=[contact])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    screen.see(re.compile("Looking again…|Solved. On their way"))
    screen.see(re.compile("Solved. On their way: 1"))
    world.wait_for_state("account.move", held_id, "synced")


def test_a_dead_consent_is_no_smile(connected, open_screen, world):
    """E12: with a consent that is gone the page does not say that there are no problems."""
    world.wait_until_at_rest(connected)
    _set_state(world, connected, "reconnect")
    try:
        screen = open_screen(width=1366, height=768)
        screen.go("xero-problems")
        screen.see("Nothing can be sent until you reconnect.")
        assert not screen.page.get_by_text(re.compile("No problems")).count()
        screen.picture("problems_reconnect")
        world.new_user("xero.reader", "xero_connector.group_xero_user", "account.group_account_invoice")
        reader = open_screen("xero.reader", width=1366, height=768)
        reader.go("xero-problems")
        reader.see(re.compile("Ask a Xero administrator"))
        reader.press("Notify Them")
        reader.see("A Xero administrator was notified.")
        reader.picture("problems_reconnect_reader")
    finally:
        _set_state(world, connected, "connected")


def _set_state(world, connection_id, state):
    databases.execute(f"UPDATE xero_connection SET state = '{state}' WHERE id = {int(connection_id)}", database=f"e2e_{os.getpid()}")
