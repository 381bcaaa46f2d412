"""The same snapshot from both sides: contacts, items, tracking options and manual journals."""

from dataclasses import replace

import pytest
import snapshots
from round_trip import Case, World, check
from xero_core.resources import contacts, items, manual_journals, normal, tracking


class OptionCase(Case):
    """Its payload does not say all: the category is named by the address."""

    def form(self, snapshot, options):
        return normal.form(replace(snapshot, name=tracking.option_name(snapshot.name)), options)


def made_option(world, made):
    return world.client.create_option(made.category_id, tracking.option_to_xero(made), world.key())


def listed_options(world, remote):
    """Options are listed with all others, and no other way."""
    return [option for option in world.client.options() if option.xero_id == remote.xero_id]


CASES = [
    Case(
        "contacts",
        contacts,
        snapshots.contacts,
        lambda world, made: world.created(world.client.create_contacts([contacts.to_xero(made)], world.key())),
        lambda world, remote: world.client.contacts(ids=[remote.xero_id]),
        lambda world, remote: world.client.contact(remote.xero_id),
    ),
    Case(
        "items",
        items,
        snapshots.items,
        lambda world, made: world.created(world.client.create_items([items.to_xero(made)], world.key())),
        lambda world, remote: world.client.items(ids=[remote.xero_id]),
        lambda world, remote: world.client.item(remote.xero_id),
    ),
    OptionCase(
        "tracking options",
        tracking,
        snapshots.options,
        made_option,
        listed_options,
        lambda world, remote: listed_options(world, remote)[0],
    ),
    Case(
        "manual journals",
        manual_journals,
        snapshots.journals,
        lambda world, made: world.created(world.client.create_manual_journals([manual_journals.to_xero(made)], world.key())),
        lambda world, remote: [each for each in world.client.manual_journals([remote.date]) if each.xero_id == remote.xero_id],
        lambda world, remote: world.client.manual_journal(remote.xero_id),
    ),
]
world = World


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.resource)
def test_records(case):
    check(case, world())
