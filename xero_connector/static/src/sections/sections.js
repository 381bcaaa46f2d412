import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

import { wordOf } from "../fields/words";

/** Headings with sentences and rows, worked out by the server (`xero.document.mixin._xero_section`): timeline, files, *Show Me Why*. */
export class XeroSectionsField extends Component {
    static template = "xero_connector.XeroSectionsField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get sections() {
        return this.props.record.data[this.props.name] || [];
    }

    wordOf(cell) {
        return "state" in cell && wordOf(cell.family, cell.state, cell.state);
    }

    open({ model, id }) {
        return this.action.doAction({ type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] });
    }
}

registry.category("fields").add("xero_sections", { component: XeroSectionsField, supportedTypes: ["json"] });
