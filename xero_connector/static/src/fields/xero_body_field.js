import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** The body of a call, indented if it is JSON. */
export class XeroBodyField extends Component {
    static template = "xero_connector.XeroBodyField";
    static props = { ...standardFieldProps };

    get text() {
        const body = this.props.record.data[this.props.name] || "";
        try {
            return JSON.stringify(JSON.parse(body), null, 2);
        } catch {
            return body; // something else than JSON, or cut off
        }
    }
}

registry.category("fields").add("xero_body", { component: XeroBodyField, supportedTypes: ["text"] });
