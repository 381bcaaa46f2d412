import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** A link that opens the document in Xero, in a tab of its own. */
export class XeroLinkField extends Component {
    static template = "xero_connector.XeroLinkField";
    static props = { ...standardFieldProps };
}

registry.category("fields").add("xero_link", { component: XeroLinkField, supportedTypes: ["char"] });
