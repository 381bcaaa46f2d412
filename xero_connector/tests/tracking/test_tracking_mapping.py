from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..common.tracking import TrackingCase


@tagged("post_install", "-at_install")
class TestTrackingMapping(TrackingCase):
    """The screen on which an accountant says what stands for what."""

    def test_proposals_by_name(self):
        self.connection._propose_mapping()
        self.assertEqual((self._plan_line().state, self._plan_line().reason), ("proposed", "same_name"))

    def test_screen_opens_with_both_lists(self):
        self._tracked((100, {(self.north,): 60, (self.east,): 40}))
        action = self.connection.action_open_mapping()
        views = self.env["xero.connection"].get_views([action["views"][0]])
        for name in ("plan_gap_ids", "option_gap_ids"):
            self.assertIn(name, views["views"]["form"]["arch"])
        self.assertEqual(self._option_line(self.north).state, "proposed")
        self.assertEqual(self._option_line(self.east).state, "missing")
        self.assertIn(self._option_line(self.east), self.connection.option_gap_ids)
        with Form(self.connection.plan_mapping_ids[0]) as line:
            line.not_tracked = True
        self.assertTrue(self.connection.plan_mapping_ids[0].not_tracked)

    def test_missing_options_made_by_themselves_need_no_choice(self):
        self._tracked((100, {(self.east,): 100}))
        self.connection._propose_mapping()
        self.assertEqual(self._option_line(self.east).state, "missing")
        self.connection.create_options = True
        self.assertEqual(self._option_line(self.east).state, "automatic")

    def test_a_category_stands_for_one_plan(self):
        self.connection._propose_mapping()
        self._plan_line(self.other_plan).xero_category_id = False
        with self.assertRaises(ValidationError):
            self._plan_line(self.other_plan).xero_category_id = self._plan_line().xero_category_id

    def test_another_category_takes_its_options_away(self):
        self.xero.organisation("AU").add_tracking("Machines", ("North",))
        self.connection.action_refresh_reference_data()
        self._tracked((100, {(self.north,): 100}))
        self._confirm()
        self.assertEqual(self._option_line(self.north).state, "confirmed")
        other = self._plan_line(self.other_plan)
        category = other.xero_category_id
        other.xero_category_id = False
        self._plan_line().xero_category_id = category
        self.assertFalse(self._option_line(self.north).xero_option_id)
        self.connection._propose_mapping()
        self.assertEqual(self._option_line(self.north).xero_option_id.category_id, category)

    def test_option_of_another_category_is_refused(self):
        other = self.xero.organisation("AU").add_tracking("Machines", ("Press",))
        self.connection.action_refresh_reference_data()
        self._tracked((100, {(self.north,): 100}))
        self.connection._propose_mapping()
        press = self.env["xero.tracking.option"].search([("xero_id", "=", other["Options"][0]["TrackingOptionID"])])
        with self.assertRaises(ValidationError):
            self._option_line(self.north).xero_option_id = press
