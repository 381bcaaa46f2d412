import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { onWillStart, onWillUnmount, status, useComponent, useState } from "@odoo/owl";

import { FreshKanbanController, FreshListController } from "../fresh/fresh";
import { comeBack, leaveFor, looked, useComingBack } from "./left";

class XeroProblemFormController extends FormController {
    setup() {
        super.setup();
        useComingBack(() => this.look());
    }

    async beforeExecuteActionButton(clickParams) {
        const goes = await super.beforeExecuteActionButton(clickParams);
        if (goes !== false && clickParams.name === "action_fix") {
            leaveFor("xero.problem", this.model.root.resId);
        }
        return goes;
    }

    async look() {
        const { resId, data } = this.model.root;
        if (data.state === "open" && (await comeBack(this.orm, [resId]))) {
            await this.model.load();
        }
    }
}

registry.category("views").add("xero_problem_form", { ...formView, Controller: XeroProblemFormController });

/** What stands above the rows: why nothing is sent, or that nothing is in the way. Read with the rows by `read(orm)`. */
function withStanding(Controller, view, template, readLines) {
    class WithStanding extends Controller {
        static template = template;

        setup() {
            super.setup();
            const orm = useService("orm");
            this.standing = useState({ lines: [] });
            const component = useComponent();
            const read = async () => {
                if (status(component) !== "destroyed") {
                    this.standing.lines = await readLines(orm.silent);
                }
            };
            onWillStart(read);
            const load = this.model.load.bind(this.model);
            this.model.load = async (...parameters) => {
                await load(...parameters);
                await read();
            };
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

/** Of problems also what came of those that somebody has come back from fixing. */
function withProblems(Controller) {
    return class extends Controller {
        setup() {
            super.setup();
            const orm = useService("orm");
            useComingBack(async () => {
                const open = (this.model.root.records || []).filter((record) => record.data.state === "open");
                const ids = open.map((record) => record.resId);
                if (await comeBack(orm, ids)) {
                    await this.model.load();
                }
            });
            onWillUnmount(() => looked.clear());
        }
    };
}

const ofProblems = (orm) => orm.call("xero.problem", "standing", [[...looked]]);
const ofConnections = (orm) => orm.call("xero.connection", "trouble_lines", []);
const LIST = "xero_connector.StandingList";
const KANBAN = "xero_connector.StandingKanban";

registry
    .category("views")
    .add("xero_problem_list", withStanding(withProblems(FreshListController), listView, LIST, ofProblems))
    .add("xero_problem_kanban", withStanding(withProblems(FreshKanbanController), kanbanView, KANBAN, ofProblems))
    .add("xero_standing_list", withStanding(FreshListController, listView, LIST, ofConnections))
    .add("xero_standing_kanban", withStanding(FreshKanbanController, kanbanView, KANBAN, ofConnections));
