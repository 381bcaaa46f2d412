"""The README says of each client what was last seen of it."""

import table


def test_the_readme_has_the_table():
    text = table.README.read_text()
    assert table.with_table(text) == text


def test_every_failure_has_its_why():
    results = [result for each in table.expected().values() for result in each.values()]
    assert results and not [result for result in results if result != table.OK and result[1] == table.UNEXPLAINED]
