import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

import { onWillUnmount, status, useComponent, useEffect } from "@odoo/owl";

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

// ms; after that twice as long each time
const FIRST_LOOK = 3000;
const LAST_LOOK = 60000;

/**
 * Read the record of an open form again when its state in Xero changes, unless somebody is editing it.
 *
 * The server announces changes; one that is announced before this page listens is missed, so a document on its way is looked after.
 */
function useFreshState() {
    const component = useComponent();
    const bus = useService("bus_service");
    const isShown = (record) => record.model.root === record && record.resId && status(component) === "mounted";
    const reload = async () => {
        const record = component.props.record;
        if (isShown(record) && !(await record.isDirty()) && status(component) === "mounted") {
            await record.load();
        }
    };
    const onState = (changed) => {
        const ids = changed[component.props.record.resModel] || [];
        return announcedIds(component.props.record).some((id) => ids.includes(id)) && reload();
    };
    bus.subscribe("xero_connector/state", onState);
    bus.start();
    onWillUnmount(() => bus.unsubscribe("xero_connector/state", onState));
    useEffect(
        (state) => {
            let timer = 0;
            const lookAfter = (wait) => {
                timer = setTimeout(async () => {
                    await reload();
                    if (timer) {
                        lookAfter(Math.min(2 * wait, LAST_LOOK));
                    }
                }, wait);
            };
            if (state === "pending") {
                lookAfter(FIRST_LOOK);
            }
            return () => {
                clearTimeout(timer);
                timer = 0;
            };
        },
        () => [component.props.record.data[component.props.name], component.props.record.resId],
    );
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
