"""Who works in a branch reads what its company's connection has. Record rules are not updated with the module. May be begun again."""

# the rules as they were: some models are written in the connection's own company only, and have a rule of their own for reading now
WRITTEN_APART = ("connection", "account_mapping", "tax_mapping", "journal_mapping", "entry_policy", "tracking_mapping", "option_mapping")
UNTOUCHED = ("organisation_wizard", "disconnect_wizard", "organisation_choice")
# these have come since, and are there already when an older version is upgraded: as they are meant
LATER = ("rule", "rule_make", "bank_match", "bank_sure", "bank_other", "bank_book", "approval", "audit")
PATHS = {
    "version": "binding_id.connection_id.",
    "contact_match": "problem_id.connection_id.",
    "journal_summary_entry": "summary_id.connection_id.",
}
OURS = """
    SELECT r.id, replace(replace(d.name, 'xero_', ''), '_rule_company', ''), r.domain_force
      FROM ir_rule r JOIN ir_model_data d ON d.model = 'ir.rule' AND d.res_id = r.id
     WHERE d.module = 'xero_connector' AND starts_with(d.name, 'xero_') AND d.name LIKE '%\\_rule\\_company'
"""


def migrate(cr, version):
    cr.execute(OURS)
    for rule_id, model, domain in cr.fetchall():
        # what an administrator has changed stays
        if model in UNTOUCHED + LATER or 'company_id", "in", company_ids)]' not in domain:
            continue
        if model in WRITTEN_APART:
            cr.execute("UPDATE ir_rule SET perm_read = FALSE WHERE id = %s", [rule_id])
        else:
            served = f'[("{PATHS.get(model, "connection_id.")}served_company_ids", "in", company_ids)]'
            cr.execute("UPDATE ir_rule SET domain_force = %s WHERE id = %s", [served, rule_id])
