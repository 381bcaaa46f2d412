import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

import { onWillUnmount, status, useComponent } from "@odoo/owl";

const COLORS = {
    pending: "info",
    approval: "warning",
    blocked: "warning",
    failed: "danger",
    synced: "success",
    drift: "warning",
    ignored: "300",
};

/** The ids under which the server announces changes of what `record` shows. */
function announcedIds(record) {
    const ids = [record.resId];
    if (record.resModel === "res.partner" && record.data.commercial_partner_id) {
        ids.push(record.data.commercial_partner_id.id); // a contact shows the state of its company
    }
    return ids;
}

/** Read the record of an open form again when its state in Xero changes, unless somebody is editing it. */
function useFreshState() {
    const component = useComponent();
    const bus = useService("bus_service");
    const onState = async (changed) => {
        const record = component.props.record;
        const ids = changed[record.resModel] || [];
        if (record.model.root !== record || !announcedIds(record).some((id) => ids.includes(id))) {
            return;
        }
        if (!(await record.isDirty()) && status(component) === "mounted") {
            await record.load();
        }
    };
    bus.subscribe("xero_connector/state", onState);
    bus.start();
    onWillUnmount(() => bus.unsubscribe("xero_connector/state", onState));
}

/** Where a document stands in Xero, in the same colours on every screen. */
export class XeroStateField extends BadgeField {
    get badgeClass() {
        return `text-bg-${COLORS[this.props.record.data[this.props.name]] || "300"}`;
    }
}

export class FormXeroStateField extends XeroStateField {
    setup() {
        super.setup();
        useFreshState();
    }
}

export const xeroStateField = { ...badgeField, component: XeroStateField, supportedTypes: ["selection"] };

registry.category("fields").add("xero_state", xeroStateField);
registry.category("fields").add("form.xero_state", { ...xeroStateField, component: FormXeroStateField });
