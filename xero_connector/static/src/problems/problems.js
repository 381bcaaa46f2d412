import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { onMounted, onWillStart, useExternalListener, useState } from "@odoo/owl";

import { FreshKanbanController, FreshListController } from "../fresh/fresh";

/** Problems whose fix somebody has gone to: whoever comes back wants to know whether it helped. */
const left = new Set();

class XeroProblemFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => this.look());
        useExternalListener(document, "visibilitychange", () => !document.hidden && this.look());
    }

    async beforeExecuteActionButton(clickParams) {
        const goes = await super.beforeExecuteActionButton(clickParams);
        if (goes !== false && clickParams.name === "action_fix") {
            left.add(this.model.root.resId);
        }
        return goes;
    }

    async look() {
        const { resId, data } = this.model.root;
        if (left.delete(resId) && data.state === "open") {
            await this.orm.call("xero.problem", "action_look", [resId]);
            await this.model.load();
        }
    }
}

registry.category("views").add("xero_problem_form", { ...formView, Controller: XeroProblemFormController });

/** What stands above the rows: why nothing is sent, or that nothing is in the way. Read with the rows. */
function withStanding(Controller, view, template) {
    class WithStanding extends Controller {
        static template = template;

        setup() {
            super.setup();
            const orm = useService("orm");
            this.standing = useState({ lines: [] });
            const read = async () => {
                this.standing.lines = await orm.call("xero.problem", "standing", []);
            };
            onWillStart(read);
            useBus(this.model.bus, "update", read);
        }

        async press(button) {
            await this.actionService.doActionButton({
                type: "object",
                name: button.method,
                resModel: button.model,
                resId: button.id,
                resIds: [button.id],
                onClose: () => this.model.load(),
            });
        }
    }
    return { ...view, Controller: WithStanding };
}

registry
    .category("views")
    .add("xero_problem_list", withStanding(FreshListController, listView, "xero_connector.XeroProblemList"))
    .add("xero_problem_kanban", withStanding(FreshKanbanController, kanbanView, "xero_connector.XeroProblemKanban"));
