"""What several rooms have to agree on, each said once. Imports nothing."""

# === ODOO'S LINES AND ACCOUNTS === #

# what people write between the lines
TEXT_LINES = ("line_section", "line_subsection", "line_note")
# what an ordinary invoice is made of; anything else takes part in Odoo's computation of the totals in its own way
PLAIN_LINES = frozenset(["product", "tax", "payment_term", *TEXT_LINES])
# what Odoo books about the goods of a document, where stock is valued perpetually: their cost, price differences
COSTS = "cogs"
# the customer's side of the entry, and the costs: not the invoice's business
NO_LINES = ("payment_term", COSTS)
# account types of what customers owe and what is owed to vendors
PARTIAL = "account.partial.reconcile"
DEBTS = ("asset_receivable", "liability_payable")
# account types whose accounts Xero keeps by itself: no manual journal may name them
KEPT_BY_XERO = (*DEBTS, "asset_cash", "liability_credit_card", "equity_unaffected")

# how the account types of the profit and loss begin
RESULT_TYPES = ("income", "expense")

# what a person does in Odoo, without the mails, followers and messages that come with it (keys of the context)
QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}

# === WHAT HAPPENS TO ODOO'S RECORDS === #

CREATED, WRITTEN, POSTED, RESET, CANCELLED = "created", "written", "posted", "reset", "cancelled"

# === JOBS === #

# the end of a job
CLOSED_STATES = ("done", "cancelled")
# a second row for the same document may wait while the first one is on the wire, never beside another waiting one
WAITING_STATES = ("pending", "approval", "blocked", "failed", "ignored")
ON_ITS_WAY = ("pending", "sending", "uncertain")
ON_THE_WIRE = ("sending", "uncertain")
HELD = ("blocked", "failed")
# priorities: what a person asked for by a click, the rest, and what takes only calls that nothing else is likely to need today
PRIORITIES = PEOPLE, AUTOMATIC, SPARE = 5, 10, 20
NO_REASON = {"problem_id": False, "rule_id": False, "message": False, "xero_messages": False}
# tried again: neither what held it nor what it made room for counts any more
AFRESH = {**NO_REASON, "refused": False, "needs_room": False}
# how often what has no answer is tried before a person is asked
MAX_TRIES = 8

# === XERO === #

# statuses of what is gone in Xero, whatever it was
GONE = ("VOIDED", "DELETED")

# === READING === #

# how often a list is read where nothing rings, in minutes
OFTEN, HOURLY, DAILY, RESTORED = "often", "hourly", "daily", "restored"
INTERVALS = {OFTEN: 15, HOURLY: 60, DAILY: 24 * 60, RESTORED: 15}
KEPT_FOR_SENDING = 5  # a fifth of the day's calls is not for reading
