import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { comeBack, leaveFor } from "../problems/left";

/**
 * A text shown as the button it names, for lists, whose own buttons have one label for all rows. The option `action` names the method
 * that it calls; with `lead` the first row's is the primary one.
 */
export class XeroFixField extends Component {
    static template = "xero_connector.XeroFixField";
    static props = { ...standardFieldProps, action: String, lead: { type: Boolean, optional: true } };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get label() {
        return this.props.record.data[this.props.name];
    }

    get rank() {
        const first = this.props.record.model.root.records?.[0];
        return this.props.lead && first === this.props.record ? "btn-primary" : "btn-outline-primary";
    }

    async onClick() {
        const { record, action } = this.props;
        await this.action.doActionButton({
            type: "object",
            name: action,
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
            onClose: async () => {
                await comeBack(this.orm, [record.resId]);
                await record.model.load();
            },
        });
        leaveFor(record.resModel, record.resId);
    }
}

registry.category("fields").add("xero_fix", {
    component: XeroFixField,
    supportedTypes: ["char"],
    supportedOptions: [
        { label: _t("Method"), name: "action", type: "string" },
        { label: _t("The first one leads"), name: "lead", type: "boolean" },
    ],
    extractProps: ({ options }) => ({ action: options.action || "action_fix", lead: options.lead }),
});
