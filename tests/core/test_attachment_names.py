import pytest
from xero_core.resources.attachments import FORBIDDEN, NAME_LIMIT, clean_name, own_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("a/b\\c:d.pdf", "a_b_c_d.pdf"),
        ('x<>"|?*+.pdf', "x_______.pdf"),
        ("  two \t lines\n.pdf ", "two _ lines_.pdf"),
        ("Rechnung für Müller.PDF", "Rechnung für Müller.PDF"),
        ("no ending", "no ending"),
        ("x" * 300 + ".pdf", "x" * (NAME_LIMIT - 4) + ".pdf"),
    ],
)
def test_clean_names(name, clean):
    assert clean_name(name) == clean
    assert not set(clean) & set(FORBIDDEN)


def test_own_names_never_meet():
    assert own_name("order.pdf", "INV/1", ()) == "INV_1 order.pdf"
    assert own_name("INV_1.pdf", "INV/1", ()) == "INV_1.pdf"
    assert own_name("Order.pdf", "INV/1", ["INV_1 ORDER.pdf"]) == "INV_1 Order (2).pdf"
    assert own_name("order.pdf", "INV/1", ["INV_1 order.pdf", "INV_1 order (2).pdf"]) == "INV_1 order (3).pdf"
    assert own_name("order", "INV/1", ["INV_1 order"]) == "INV_1 order (2)"
    long = own_name("x" * 300 + ".pdf", "INV/1", ())
    other = own_name("x" * 300 + ".pdf", "INV/1", [long])
    assert len(other) == NAME_LIMIT and other != long and other.endswith(" (2).pdf")
