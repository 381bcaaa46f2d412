"""What holds of every screen: its state in icon and word, nothing that scrolls sideways, no words that people do not use."""

import re

from dev import stack

# ISO dates, "(s)", words of the wire; what Xero itself has said stands apart
NEVER = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\(s\)|\bHTTP\b|\b[45]\d\d (?:Bad|Not|Internal)|\bUUID\b|undefined|Invalid Operation")
# of every badge that is to be seen: its word, whether it has an icon, the contrast of its colours
BADGES = """
    () => {
        const channel = (value) => { const c = value / 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
        const light = (text) => { const [r, g, b] = text.match(/[0-9.]+/g).map(Number);
                                  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b); };
        return [...document.querySelectorAll(".o_xero_badge")].filter((badge) => badge.offsetParent).map((badge) => {
            const style = getComputedStyle(badge);
            const [one, other] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
            return [badge.innerText.trim(), badge.querySelectorAll("i.fa").length, (one + 0.05) / (other + 0.05)];
        });
    }"""


def assert_looks_right(screen, primary=None):
    """The rules of every screen, for the one that is open now.

    :param int primary: how many primary buttons may stand in its body
    """
    page = screen.page
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "scrolls sideways"
    text = page.locator(".o_action_manager").inner_text()
    assert not NEVER.search(text), NEVER.search(text)
    for word, icons, contrast in page.evaluate(BADGES):
        assert word, "a state has a word"
        assert icons == 1, f"{word} has no icon"
        assert contrast >= 4.5, f"{word} cannot be read"
    if primary is not None:
        assert page.locator(".o_content .btn-primary:visible").count() == primary


def assert_takes_focus(button):
    """By the keyboard it can be reached; a list that follows Xero may draw itself anew in just that moment."""
    for _attempt in range(20):
        button.focus()
        if button.evaluate("(element) => document.activeElement === element"):
            return
        stack.pause(0.25)
    raise AssertionError("the focus does not stay on it")
