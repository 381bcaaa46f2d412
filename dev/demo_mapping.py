"""How an administrator maps, over RPC: reads from Xero, creates there what it lacks, and hears what Odoo answers to a click."""

from dev import bootstrap, stack


def _press(person, model, button, record_id):
    """Press a button that calls Xero; once more a minute later if this minute's calls are used up."""
    try:
        person.call(model, button, [record_id])
    except RuntimeError as refusal:
        if "in a minute" not in str(refusal):
            raise
        bootstrap.step(f"  {refusal}")
        stack.pause(61)
        person.call(model, button, [record_id])


def read_again(person, connection_id):
    """Accounts, tax rates and the rest, from Xero."""
    _press(person, "xero.connection", "action_refresh_reference_data", connection_id)


def create_missing(person, connection_id):
    """Press Create in Xero for what documents need and Xero has not."""
    domain = [("connection_id", "=", connection_id), ("state", "=", "missing")]
    for model in ("xero.journal.mapping", "xero.tax.mapping", "xero.account.mapping"):
        for line in person.search_read(model, domain, ["can_create", "label"]):
            _create(person, model, line)


def _create(person, model, line):
    if not line["can_create"]:
        bootstrap.step(f"  {line['label']} has no counterpart in Xero")
        return
    try:
        _press(person, model, "action_create_in_xero", line["id"])
    except RuntimeError as refusal:
        bootstrap.step(f"  {line['label']} could not be created in Xero: {refusal}")


def choose_rates(person, connection_id):
    """Taxes on accounts for which Xero's usual rate is not allowed get the one of that percentage and the account's side that is.

    So an Australian accountant maps the tax of sales on expenses: bad debts are an adjustment among the purchases of the return.
    """
    own = ("connection_id", "=", connection_id)
    domain = [own, ("state", "=", "missing"), ("account_class", "!=", False)]
    for line in person.search_read("xero.tax.mapping", domain, ["rate", "account_class", "allowed_rate_ids"]):
        side = "INPUT" if line["account_class"] == "EXPENSE" else "OUTPUT"
        like = [("id", "in", line["allowed_rate_ids"]), ("effective_rate", "=", line["rate"]), ("report_tax_type", "=", side)]
        if rates := person.search_read("xero.tax.rate", like, ["id"], order="id"):
            person.call("xero.tax.mapping", "write", [line["id"]], {"xero_tax_rate_id": rates[0]["id"]})


def choose_tracking(person, connection_id):
    """Analytic plans in use without a tracking category get the first ones; Xero has two at most, so other plans stay Odoo's."""
    own = ("connection_id", "=", connection_id)
    plans = person.search_read("xero.tracking.mapping", [own, ("state", "=", "missing")], ["id"])
    taken = person.search_read("xero.tracking.mapping", [own, ("xero_category_id", "!=", False)], ["xero_category_id"])
    free = [("id", "not in", [line["xero_category_id"][0] for line in taken])]
    categories = person.search_read("xero.tracking.category", [own, *free], ["id"], order="id")
    for plan, category in zip(plans, categories, strict=False):
        person.call("xero.tracking.mapping", "write", [plan["id"]], {"xero_category_id": category["id"]})
    for plan in plans[len(categories) :]:
        person.call("xero.tracking.mapping", "write", [plan["id"]], {"not_tracked": True})


def said(answer):
    """What Odoo answers to a click on Sync to Xero if there is nothing it can do, in a sentence; '' if it goes on."""
    notice = answer.get("params", {}) if isinstance(answer, dict) else {}
    return (notice.get("message") or "").split("\n")[0] if notice.get("type") in ("warning", "danger") else ""
