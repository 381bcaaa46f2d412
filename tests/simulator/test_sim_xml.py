"""Bodies in XML, as older clients write them."""

from xero_simulator.testing import API

INVOICE = """<Invoice><Type>ACCREC</Type><Contact><ContactID>{contact}</ContactID></Contact><Date>2026-09-14T00:00:00</Date>
<DueDate>2026-09-28T00:00:00</DueDate><Status>AUTHORISED</Status><SentToContact>true</SentToContact><LineItems>
<LineItem><Description>One &amp; two</Description><Quantity>2</Quantity><UnitAmount>50.25</UnitAmount><AccountCode>200</AccountCode>
<Tracking><TrackingCategory><Name>Region</Name><Option>North</Option></TrackingCategory></Tracking></LineItem>
<LineItem><Description>Three</Description><Quantity>1</Quantity><UnitAmount>1</UnitAmount><AccountCode>200</AccountCode><Tracking/></LineItem>
</LineItems></Invoice>"""


def send(api, body, kind="application/xml", path="Invoices", method="PUT"):
    headers = {**api.headers, "Content-Type": kind}
    return api.session.request(method, f"{API}/{path}", data=body.encode(), headers=headers, timeout=10)


def test_an_invoice(api):
    answer = send(api, INVOICE.format(contact=api.contact_id()))
    assert answer.status_code == 200, answer.text
    made = answer.json()["Invoices"][0]
    assert (made["SubTotal"], made["Status"], made["SentToContact"]) == (101.5, "AUTHORISED", True)
    first, second = made["LineItems"]
    assert (first["Description"], first["Tracking"][0]["Option"], second["Tracking"]) == ("One & two", "North", [])


def test_several_invoices(api):
    one = INVOICE.format(contact=api.contact_id())
    answer = send(api, f"<Invoices>{one}{one}</Invoices>", "text/xml; charset=utf-8")
    assert len(answer.json()["Invoices"]) == 2


def test_nothing_is_cleared_by_nil(api):
    contact = api.contact("Nil Ltd", FirstName="Ann", LastName="Lee")
    nil = '<FirstName xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    body = f"<Contact><ContactID>{contact['ContactID']}</ContactID>{nil}<LastName/></Contact>"
    changed = send(api, body, path="Contacts", method="POST").json()["Contacts"][0]
    assert (changed["FirstName"], changed.get("LastName", "")) == ("Ann", "")


def test_what_is_no_xml(api):
    answer = send(api, "<Invoice>")
    assert (answer.status_code, answer.json()["Message"]) == (400, "Invalid Xml data")


def test_the_moment_of_a_listing_in_the_form_of_http(api):
    api.contact()
    listed = [
        len(api.get("Contacts", headers={"If-Modified-Since": f"Thu, 01 Jan {year} 00:00:00 GMT"}).json()["Contacts"])
        for year in (2020, 2090)
    ]
    assert listed == [1, 0]
