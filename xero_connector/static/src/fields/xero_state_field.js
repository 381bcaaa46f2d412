import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { BadgeField, badgeField } from "@web/views/fields/badge/badge_field";

import { onWillUnmount, status, useComponent, useEffect } from "@odoo/owl";

import { useFresh } from "../fresh/fresh";
import { wordOf } from "./words";

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
            if (["pending", "looking"].includes(state)) {
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

/** Keep the list fresh in which this badge stands. */
function useFreshRows() {
    const { model, resModel } = useComponent().props.record;
    useFresh(model, (changed) => {
        const ids = changed[resModel] || [];
        return (model.root.records || []).some((record) => announcedIds(record).some((id) => ids.includes(id)));
    });
}

/** Where something stands, as icon, word and colour; the option `words` names the family of words. */
export class XeroStateField extends BadgeField {
    static template = "xero_connector.XeroStateField";
    static props = { ...BadgeField.props, words: { type: String, optional: true }, none: { type: Boolean, optional: true } };
    static defaultProps = { ...BadgeField.defaultProps, words: "document", none: false };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get word() {
        return wordOf(this.props.words, this.value, this.formattedValue);
    }

    get isShown() {
        return Boolean(this.value) || this.props.none;
    }
}

export class FormXeroStateField extends XeroStateField {
    setup() {
        super.setup();
        useFreshState();
    }
}

export class ListXeroStateField extends XeroStateField {
    setup() {
        super.setup();
        useFreshRows();
    }

    /** Nothing is said of a draft, nor in a company that is not connected. */
    get isShown() {
        const { state, xero_connected: connected } = this.props.record.data;
        return super.isShown || (connected && state !== "draft");
    }
}

export const xeroStateField = {
    ...badgeField,
    component: XeroStateField,
    supportedTypes: ["selection", "char"],
    supportedOptions: [
        { label: _t("Family of words"), name: "words", type: "string" },
        { label: _t("Has a word for an empty value"), name: "none", type: "boolean" },
    ],
    extractProps: ({ options }) => ({ words: options.words, none: options.none }),
};

registry.category("fields").add("xero_state", xeroStateField);
registry.category("fields").add("form.xero_state", { ...xeroStateField, component: FormXeroStateField });
registry.category("fields").add("list.xero_state", { ...xeroStateField, component: ListXeroStateField });
