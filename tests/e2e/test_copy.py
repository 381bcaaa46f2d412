"""A database that was restored, or copied by PostgreSQL: one question, where people look, and nothing is sent until it is answered."""

import os

import pytest

from dev import databases


@pytest.mark.parametrize("width", [1280, 400])
def test_restored_database_asks_once(connected, open_screen, world, width):
    _set_oid("1")
    screen = open_screen(width=width)
    page = screen.page
    screen.go("xero")
    screen.see("This database is a copy, or was restored from a backup.")
    screen.picture(f"copy_overview_{width}")
    screen.go("action-xero_connector.xero_settings_action")
    screen.see("Nothing is sent from here until you say which.")
    screen.picture(f"copy_settings_{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "scrolls sideways"
    page.get_by_role("button", name="It Was Restored: Go On Here").click()
    page.get_by_role("dialog").get_by_text("both would send").wait_for()
    screen.picture(f"copy_question_{width}")
    page.get_by_role("dialog").get_by_role("button", name="Go On Here").click()
    page.get_by_text("was restored from a backup").first.wait_for(state="hidden")
    screen.go("xero")
    page.get_by_text("Connected", exact=True).first.wait_for()
    screen.picture(f"copy_answered_{width}")
    assert world.read("xero.connection", connected, "is_database_copy")["is_database_copy"] is False


def _set_oid(oid):
    """As if the tokens had been given to another database of this name."""
    databases.execute(
        "UPDATE xero_token SET database = regexp_replace(database, '[0-9]+$', %s)".replace("%s", f"'{oid}'"), database=f"e2e_{os.getpid()}"
    )
