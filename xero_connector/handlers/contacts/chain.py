"""Contacts that people have merged in Xero: the one that is left may have been merged into another in turn."""

HOPS = 10  # a chain that is longer, or goes in circles, leads nowhere


def followed(client, contacts):
    """These contacts of Xero, and those that they were merged into; one call for each link of the longest chain.

    :raise XeroError: if Xero did not say
    """
    known, last = {contact.xero_id: contact for contact in contacts}, list(contacts)
    for _hop in range(HOPS):
        ids = sorted({contact.merged_into for contact in last if contact.merged_into} - known.keys())
        last = client.contacts(ids=ids) if ids else []
        known |= {contact.xero_id: contact for contact in last}
        if not last:
            break
    return list(known.values())


def survivor(contact, by_id):
    """Who is left of a contact at the end of its chain; ``None`` if that is not known."""
    for _hop in range(HOPS):
        if contact is None or not contact.merged_into:
            return contact
        contact = by_id.get(contact.merged_into)
    return None
