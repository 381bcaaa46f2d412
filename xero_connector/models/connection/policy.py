from odoo import fields, models

from .xero_connection import SYNC_MODES

SEND_MODES = [("auto", "Automatically"), ("hourly", "Every hour"), ("daily", "Once a day"), *SYNC_MODES[1:]]
OFF_OR_AUTO = [("off", "Never"), ("auto", "Automatically")]
POSTABLE = "[('connection_id', '=', id), ('can_post', '=', True)]"
APPROVALS = [("draft", "Draft"), ("submitted", "Awaiting approval"), ("authorised", "Approved")]

# what a person decided whichever organisation it is; accounts belong to one organisation
POLICIES = (
    *("sync_invoice", "sync_bill", "sync_credit_note", "sync_payment", "sync_contact", "sync_item", "sync_attachment", "send_at"),
    *("invoice_approval", "bill_approval", "credit_note_approval", "mark_sent"),
    *("rounding_policy", "rounding_tolerance", "tie_rounding", "unmatched_payments", "batch_payments", "create_options"),
    *("cost_policy", "takes_invoice", "takes_bill", "takes_credit_note", "takes_since"),
    *("taken_sale_journal_id", "taken_purchase_journal_id", "takes_journal", "taken_entry_journal_id", "offers_payment"),
)
# setting -> the problem that it ends
RELEASES = {"create_options": "option_missing", "clearing_account_id": "account_forbidden"}


class XeroConnection(models.Model):
    """What an administrator decides about documents: which are sent, how they stand in Xero, and what is done about cents."""

    _inherit = "xero.connection"

    # === WHAT IS SENT === #

    sync_invoice = fields.Selection(SEND_MODES, "Customer Invoices", default="auto", required=True, help="Invoices and sales receipts.")
    sync_bill = fields.Selection(SEND_MODES, "Vendor Bills", default="auto", required=True, help="Bills and purchase receipts.")
    sync_credit_note = fields.Selection(SEND_MODES, "Credit Notes", default="auto", required=True, help="Of customers and vendors.")
    sync_payment = fields.Selection(SEND_MODES, "Payments", default="auto", required=True)
    sync_contact = fields.Selection(SYNC_MODES, "Customers and Vendors", default="auto", required=True)
    sync_item = fields.Selection(
        OFF_OR_AUTO, "Products", default="off", required=True, help="Products that documents use are sent as untracked items of Xero."
    )
    sync_attachment = fields.Selection(
        OFF_OR_AUTO,
        "Files",
        default="off",
        required=True,
        help="The invoice's PDF and the files attached to a document. Each is a call, made only if documents are not likely to need it.",
    )

    # === HOW IT STANDS IN XERO === #

    invoice_approval = fields.Selection(APPROVALS, "Customer Invoices Arrive in Xero as", default="authorised", required=True)
    bill_approval = fields.Selection(APPROVALS, "Vendor Bills Arrive in Xero as", default="authorised", required=True)
    credit_note_approval = fields.Selection(APPROVALS, "Credit Notes Arrive in Xero as", default="authorised", required=True)
    mark_sent = fields.Boolean(
        "Mark as Sent",
        default=True,
        help="Invoices that Odoo sent to the customer are marked as sent in Xero, lest they are sent twice.",
    )

    branding_theme_id = fields.Many2one(
        "xero.branding.theme",
        "Branding Theme",
        domain="[('connection_id', '=', id)]",
        help="How customer invoices and credit notes look in Xero. Empty: as Xero sees fit.",
    )

    # === CENTS === #

    rounding_policy = fields.Selection(
        [("tax_amounts", "Give the tax of each line"), ("rounding_line", "Add a rounding line"), ("hold", "Hold the document")],
        "If Cents Differ",
        default="tax_amounts",
        required=True,
        help="Xero rounds the tax of every line, Odoo may round it over the whole document.",
    )
    rounding_tolerance = fields.Float(
        "Largest Correction",
        default=0.05,
        digits=(16, 3),
        help="In the document's currency (for 0.05, five yen), of many lines half a cent each; a document that differs by more is held.",
    )
    tie_rounding = fields.Selection(
        [("half_up", "Up"), ("half_even", "To the even cent")], "Xero Rounds Half Cents", default="half_up", required=True
    )

    # === MONEY === #

    records_allocations = fields.Selection(
        [("odoo", "Odoo"), ("xero", "Xero"), ("both", "Both")],
        "Credit Is Matched In",
        help="Where credit notes and money on account are matched with documents. Xero or both: what is allocated or undone there is "
        "matched here likewise. Empty, or Odoo: it is shown, and matched when you say so.",
    )
    unmatched_payments = fields.Selection(
        [("overpayment", "As overpayment"), ("prepayment", "As prepayment"), ("wait", "Not until matched")],
        "Unmatched Payments",
        default="overpayment",
        required=True,
        help="How money arrives in Xero that no document is matched with yet.",
    )
    prepayment_account_id = fields.Many2one("xero.account", "Prepayment Account", domain=POSTABLE)
    batch_payments = fields.Boolean(
        "Batch Payments",
        default=True,
        help="One payment of several documents becomes one batch payment in Xero, matched with one bank line.",
    )

    # === JOURNAL ENTRIES, TRACKING === #

    clearing_account_id = fields.Many2one(
        "xero.account",
        "Clearing Account",
        domain=POSTABLE,
        help="Stands in for accounts that Xero allows in no manual journal. Without one, such entries are held.",
    )
    cost_policy = fields.Selection(
        [("each", "With each document"), ("none", "Not sent")],
        "Cost of Goods",
        default="each",
        required=True,
        help="Where stock is valued perpetually, Odoo books the cost of goods sold in the invoice's entry, and price differences in the "
        "bill's. A manual journal beside each such document says the same in Xero, so that stock and costs agree. What is in Xero already "
        "stays in step.",
    )
    create_options = fields.Boolean("Create Missing Tracking Options", help="Otherwise documents with an unknown option are held.")

    def _try_held_again(self, changed):
        """What a setting among these values has held back is tried again."""
        switches = {handler._setting for handler in self.env["xero.handler"]._all()}
        if changed.keys() & {*switches, "send_at"}:
            self._wake()  # another hour counts for what waits already
        codes = ["switched_off"] if changed.keys() & switches else []
        codes += [code for name, code in RELEASES.items() if changed.get(name)]
        if codes:
            self.env["xero.problem"]._release(self, codes)

    def _follow_cost_policy(self):
        """The accounts of costs that are to be sent belong in the mapping; of those that are not, none waits any longer."""
        for connection_sudo in self.sudo().filtered("tenant_id"):
            connection_sudo.env["xero.handler.cost"]._policy_changed(connection_sudo)
            if connection_sudo.cost_policy != "none" and connection_sudo.reference_read_at:
                connection_sudo._propose_mapping()
