import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { Component, onWillUnmount } from "@odoo/owl";

const PAUSE = 1000; // ms; a run announces every batch

/** The problems of a connection, each with the button that leads to its fix. */
export class OverviewProblems extends Component {
    static template = "xero_connector.OverviewProblems";
    static props = { ...standardWidgetProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get problems() {
        return this.props.record.data.overview_problems || [];
    }

    get more() {
        return this.props.record.data.problem_count - this.problems.length;
    }

    async fix(problem) {
        const action = await this.orm.call("xero.problem", "action_fix", [problem.id]);
        await this.action.doAction(action, { onClose: () => this.props.record.model.load() });
    }

    open(problem) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.problem",
            res_id: problem.id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        return this.action.doAction("xero_connector.xero_problem_action", {
            additionalContext: { search_default_connection_id: this.props.record.resId },
        });
    }
}

registry.category("view_widgets").add("xero_overview_problems", {
    component: OverviewProblems,
    fieldDependencies: [
        { name: "overview_problems", type: "json" },
        { name: "problem_count", type: "integer" },
    ],
});

/** The Overview counts again whenever documents change their state. */
export class OverviewController extends KanbanController {
    setup() {
        super.setup();
        const bus = useService("bus_service");
        const reload = useDebounced(() => this.model.load(), PAUSE);
        bus.subscribe("xero_connector/state", reload);
        bus.start();
        onWillUnmount(() => bus.unsubscribe("xero_connector/state", reload));
    }
}

registry.category("views").add("xero_overview", { ...kanbanView, Controller: OverviewController });
