PARAMETERS = "xero_connector."


def uninstall_hook(env):
    """Remove what is ours but has no external id: the connections' scheduled actions and our system parameters."""
    connections = env["xero.connection"].with_context(active_test=False).search([])
    crons = connections.cron_id
    connections.cron_id = False
    crons.unlink()
    env.cr.execute("DROP FUNCTION IF EXISTS xero_audit_stays() CASCADE")  # with the triggers that keep the audit trail
    env["ir.config_parameter"].search([("key", "=like", PARAMETERS + "%")]).unlink()
