from psycopg2 import DataError

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..audit.xero_audit import RULE
from .condition import Refused, is_everything, parse
from .uses import USES, of_model

BY_ITSELF = "book"
SEND, LEAVE, ASK = "send", "leave", "ask"
NO_COUNTERPART = ("asset_cash", "liability_credit_card", "off_balance")  # another bank's account is a transfer; off the books is no entry


class XeroRule(models.Model):
    """What becomes of records that fulfil a condition; of a company's rules for the same use the first that fits decides.

    Entry points: ``_first`` (who asks what a rule says), ``_obstacle`` (why a rule is passed over), ``_counterpart``.
    Invariants: a condition holds values only and looks at nothing that ``uses.py`` does not allow; it is asked of records of the
    connection's own companies; a rule of which something is gone is never followed in part: it is passed over, and one that keeps
    documents back lets none past that comes to it.
    """

    _name = "xero.rule"
    _description = "Xero Rule"
    _inherit = ["xero.audited.mixin"]
    _order = "sequence, id"
    _audited = ("name", "active", "sequence", "use", "domain", "until", "how", "account_id", "tax_ids", "partner_id", "label")
    _audited_act = RULE

    name = fields.Char(required=True)
    active = fields.Boolean(default=True, copy=False, help="Whether it is followed.")
    sequence = fields.Integer(default=10, help="The first rule that fits decides.")
    connection_id = fields.Many2one(
        "xero.connection",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["xero.connection"]._get_active(self.env.company).id,
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True, index=True)
    use = fields.Selection("_selection_use", default="bank", required=True, string="About")
    model_name = fields.Char(compute="_compute_model_name")
    domain = fields.Char("Condition", default="[]", required=True)
    until = fields.Date(help="The last day of what it is followed for; the day of the record counts, not the day on which it is looked at.")
    how = fields.Selection(
        [("suggest", "Suggest Only"), (BY_ITSELF, "Book by Itself"), (SEND, "Send"), (LEAVE, "Leave Out"), (ASK, "Ask First")],
        "What It Does",
        compute="_compute_how",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    account_id = fields.Many2one(
        "account.account",
        ondelete="set null",
        domain=f"[('company_ids', 'parent_of', company_id), ('account_type', 'not in', {NO_COUNTERPART!r})]",
    )
    tax_ids = fields.Many2many(
        "account.tax", string="Taxes", domain="[('company_id', 'parent_of', company_id)]", context={"active_test": False}
    )
    partner_id = fields.Many2one("res.partner", ondelete="set null", domain="[('company_id', 'in', (False, company_id))]")
    label = fields.Char(help="The text of the entry. Empty: the bank's text.")
    meant = fields.Json(help="What was chosen: what is gone since leaves no other trace.", copy=False)

    # === WHAT IT IS FOR === #

    @api.model
    def _selection_use(self):
        return [(name, self.env._(use.label)) for name, use in USES.items()]

    @api.depends("use")
    def _compute_model_name(self):
        for rule in self:
            rule.model_name = USES[rule.use].model if rule.use else False

    @api.model
    def _condition_of(self, use, text):
        """``(domain, why it cannot be asked)``."""
        try:
            return parse(self.env, text, USES[use]), ""
        except Refused as refused:
            return Domain.FALSE, str(refused)

    @api.depends("use")
    def _compute_how(self):
        for rule in self:
            ways = USES[rule.use].ways
            rule.how = rule.how if rule.how in ways else ways[0]

    # === A PERSON CHOOSES === #

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        rules._remember_what_was_meant()
        rules._act_soon()
        return rules

    def write(self, vals):
        before = self.filtered(lambda rule: rule.use == "send").connection_id
        res = super().write(vals)
        if not {"account_id", "tax_ids", "partner_id"}.isdisjoint(vals):
            self._remember_what_was_meant()
        self._act_soon()
        (before - self.filtered(lambda rule: rule.use == "send").connection_id)._rules_changed()
        return res

    def unlink(self):
        self.filtered(lambda rule: rule.use == "send").connection_id._rules_changed()
        return super().unlink()

    def _act_soon(self):
        """What acts by itself need not wait for the next run."""
        self.filtered(lambda rule: rule.active and rule.how == BY_ITSELF).connection_id._wake()
        self.filtered(lambda rule: rule.use == "send").connection_id._rules_changed()

    def _remember_what_was_meant(self):
        for rule in self:
            rule_sudo = rule.sudo()
            super(XeroRule, rule).write(
                {
                    "meant": {
                        "account_id": rule_sudo.account_id.ids,
                        "tax_ids": rule_sudo.tax_ids.ids,
                        "partner_id": rule_sudo.partner_id.ids,
                    }
                }
            )

    @api.constrains("domain", "use", "how")
    def _check_condition(self):
        """:raise ValidationError: a condition that cannot be asked; or one for everything that is to be followed unseen"""
        for rule in self:
            domain, why = rule._condition_of(rule.use, rule.domain)
            if why:
                raise ValidationError(why)
            if rule.how not in USES[rule.use].ways:
                raise ValidationError(self.env._("“%s” cannot do that. Choose what it does.", rule.name))
            if rule.how == BY_ITSELF and is_everything(domain):
                raise ValidationError(
                    self.env._("“%s” would book every bank line by itself. Say which lines it is for, or let it suggest only.", rule.name)
                )

    @api.constrains("account_id", "tax_ids", "partner_id", "connection_id", "use")
    def _check_counterpart(self):
        for rule_sudo in self.sudo():
            for records in (rule_sudo.account_id, rule_sudo.tax_ids, rule_sudo.partner_id):
                rule_sudo.connection_id._check_usable(records)
            if rule_sudo.use == "bank" and not rule_sudo.account_id:
                raise ValidationError(self.env._("Choose the account to which “%s” books.", rule_sudo.name))
            if rule_sudo.account_id.account_type in NO_COUNTERPART:
                raise ValidationError(
                    self.env._("“%s” is no account that a bank line can be booked to.", rule_sudo.account_id.display_name)
                )

    @api.model
    def _expect(self, records):
        """What was made just now need not wait for the next run either, if some rule acts by itself."""
        for company_sudo in records.sudo().company_id:
            connection_sudo = self.env["xero.connection"]._get_active(company_sudo)
            acting = [("connection_id", "=", connection_sudo.id), ("use", "=", of_model(records._name)), ("how", "=", BY_ITSELF)]
            if connection_sudo and self.sudo().search_count(acting, limit=1):
                connection_sudo._wake()

    # === WHICH OF THEM IS FOLLOWED === #

    @api.model
    def _first(self, records, use=None):
        """``{record id: the rule that decides about it}``; records that no rule is about are not in it.

        As many queries as there are rules. Each record is asked about by the rules of the connection that speaks for its company.
        """
        use = use or of_model(records._name)
        found = {}
        for company_sudo, mine in records.sudo().grouped("company_id").items():
            connection_sudo = self.env["xero.connection"]._get_active(company_sudo)
            for connection_id in connection_sudo.ids:
                found.setdefault(connection_id, set()).update(mine.ids)
        return {
            record_id: rule
            for connection_id, ids in found.items()
            for record_id, rule in self._first_of(self.env["xero.connection"].browse(connection_id), use, ids)
        }

    def _first_of(self, connection, use, ids, unread=None, ways=(LEAVE, ASK)):
        """``(record id, rule)`` pairs of records of one connection.

        A rule that keeps documents back and cannot be read any more catches all that come to it: whom it was about, nobody can tell.

        :param dict unread: gets such rules, of those that keep back in one of these ``ways``, and why each cannot be read
        """
        left = set(ids)
        for rule in self._followed(connection, use) if left else ():
            obstacle = rule._obstacle()
            caught, why = (set(), obstacle) if obstacle else rule._asked([("id", "in", list(left))])
            if why and unread is not None and rule.how in ways and (reached := rule._reached(left)):
                caught, unread[rule] = reached, why
            yield from ((record_id, rule) for record_id in caught)
            left -= caught

    def _reached(self, ids):
        """Those of these records that its last day lets come to it, whatever its condition says; see ``until``."""
        if not self.until:
            return set(ids)
        use = USES[self.use]
        domain = [("id", "in", list(ids)), (use.date, "<=", self.until)]
        return set(self.env[use.model].sudo().with_context(active_test=False).search(domain).ids)

    @api.model
    def _followed(self, connection, use):
        """The rules of a connection that are switched on, in their order."""
        rules_sudo = self.sudo().search([("connection_id", "=", connection.id), ("use", "=", use)])
        return rules_sudo.sudo(self.env.su)

    def _caught(self, among=()):
        """Ids of the records that fulfil the rule's condition."""
        return self._asked(among)[0]

    def _asked(self, among=()):
        """``(ids, why it cannot be asked)`` of the records that fulfil it: the connection's own, that count, until its last day."""
        self.ensure_one()
        use = USES[self.use]
        domain, why = self._condition_of(self.use, self.domain)
        if why:
            return set(), why
        companies = ("company_id", "in", self.connection_id._companies().ids)
        in_time = [(use.date, "<=", self.until)] if self.until else []
        records_sudo = self.env[use.model].sudo().with_context(active_test=False)
        try:
            with self.env.cr.savepoint():
                found = records_sudo._search(Domain.AND([[companies], list(use.there), list(among), in_time, domain]))
                return set(found.get_result_ids()), ""
        except (DataError, ValueError, TypeError, UserError):
            return set(), self.env._("Its condition compares what cannot be compared. Choose it again.")

    # === WHAT IT SAYS === #

    def _obstacle(self):
        """Why the rule is passed over as it stands, in a sentence; '' if it is not."""
        self.ensure_one()
        _domain, why = self._condition_of(self.use, self.domain)
        return why or self.sudo()._gone() or self.sudo()._out_of_use()

    def _gone(self):
        meant = self.meant or {}
        if self.use != "bank":
            return ""  # nothing but its condition
        if not self.account_id:
            return self.env._("Its account is gone. Choose another one.")
        if len(self.tax_ids) < len(meant.get("tax_ids", ())):
            return self.env._("A tax of it is gone. Choose its taxes again.")
        if not self.partner_id and meant.get("partner_id"):
            return self.env._("Its partner is gone. Choose another one, or leave it empty.")
        return ""

    def _out_of_use(self):
        texts = {
            "account_id": self.env._("Its account “%s” is archived. Choose another one."),
            "tax_ids": self.env._("Its tax “%s” is archived. Choose another one."),
            "partner_id": self.env._("Its partner “%s” is archived. Choose another one, or leave it empty."),
        }
        companies = self.connection_id._companies()
        for name, text in texts.items():
            records = self[name]
            for record in records.filtered(lambda each: not each.active):
                return text % record.display_name
            if records - records.filtered_domain(records._check_company_domain(companies)):
                return self.env._("“%s” belongs to another company. Choose another one.", records[:1].display_name)
        return ""

    def _is_same_as(self, other):
        """Whether it says the same about a record that both are about."""
        mine, theirs = self.sudo(), other.sudo()
        names = ("account_id", "tax_ids", "partner_id") if self.use == "bank" else ("how",)
        return all(mine[name] == theirs[name] for name in names)
