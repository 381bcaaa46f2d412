"""Who has changed a record: the newest first, without what was only said about it."""

import datetime

from xero_core.resources.history import HistoryCalls


class Told(HistoryCalls):
    """Xero's answer, without Xero."""

    def __init__(self, rows):
        super().__init__(type("Api", (), {"get_contact_history": None})(), "tenant")
        self._rows = rows

    def _list(self, endpoint, key, **params):
        assert (key, params) == ("HistoryRecords", {"contact_id": "x"})
        return self._rows


def test_newest_first_without_notes():
    rows = [
        {"User": "A", "Changes": "Created", "DateUTCString": "2026-11-01T10:00:00"},
        {"User": "B", "Changes": "Edited", "DateUTCString": "2026-11-02T10:00:00", "Details": "x"},
        {"User": "C", "Changes": "Note", "DateUTCString": "2026-11-03T10:00:00"},
        {"User": "D", "Changes": "Edited"},
    ]
    found = Told(rows).history("Contacts", "x")
    assert [entry.user for entry in found] == ["B", "A", "D"]
    assert found[0].moment == datetime.datetime(2026, 11, 2, 10, tzinfo=datetime.UTC)
