import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component } from "@odoo/owl";

import { comeBack, leaveFor, useComingBack } from "../problems/left";

/** What there is to do on a card: a sentence each, how much it holds up, and the button that leads to its fix. */
export class XeroNeeds extends Component {
    static template = "xero_connector.XeroNeeds";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        useComingBack(() => this.look());
    }

    /** Of those that somebody has been to the fix of, whether it helped. */
    async look() {
        if (await comeBack(this.orm, this.needs.filter((need) => !need.method).map((need) => need.id))) {
            await this.props.record.model.load();
        }
    }

    get needs() {
        return this.props.record.data.overview_needs || [];
    }

    get more() {
        return this.props.record.data.problem_count - this.needs.filter((need) => !need.method).length;
    }

    async fix(need) {
        const action = await this.orm.call(need.model, need.method || "action_fix", [need.id]);
        await this.action.doAction(action, { onClose: () => this.look() });
        if (!need.method) {
            leaveFor(need.model, need.id);
        }
    }

    open(need) {
        if (need.method) {
            return this.fix(need);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: need.model,
            res_id: need.id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        return this.action.doAction("xero_connector.xero_problem_action", {
            additionalContext: { search_default_connection_id: this.props.record.resId },
        });
    }
}

registry.category("view_widgets").add("xero_needs", {
    component: XeroNeeds,
    fieldDependencies: [
        { name: "overview_needs", type: "json" },
        { name: "problem_count", type: "integer" },
    ],
});
