import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

import { wordOf } from "../fields/words";

/** A word of the constant (`xero_connector/words.py`) in a card that is otherwise markup: `<widget name="xero_word" value="failed"/>`. */
export class XeroWord extends Component {
    static template = "xero_connector.XeroWord";
    static props = { ...standardWidgetProps, value: String };

    get word() {
        return wordOf("document", this.props.value);
    }
}

registry.category("view_widgets").add("xero_word", {
    component: XeroWord,
    extractProps: ({ attrs }) => ({ value: attrs.value || "" }),
});
