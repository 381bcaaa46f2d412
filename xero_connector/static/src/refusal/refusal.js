import { WarningDialog } from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** The dialog of a refusal is titled with what became of the click; see `refusal.py`. */
export class RefusalDialog extends WarningDialog {
    inferTitle() {
        return this.props.data?.context?.title || _t("Nothing Was Done");
    }
}

registry.category("error_dialogs").add("odoo.addons.xero_connector.refusal.Refusal", RefusalDialog);
