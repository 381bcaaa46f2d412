import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { listView } from "@web/views/list/list_view";

import { Component, onMounted, status, useComponent, useState } from "@odoo/owl";

import { wordOf } from "../fields/words";
import { FreshKanbanController, FreshListController } from "../fresh/fresh";

/**
 * Up to five figures above a list, a strip per company: what they are of, the figure, how old it is, its state, a link. All of them come
 * from the method `xero_figures` of the list's model, as `[{title, figures: [{label, value, age, state: [family, state], link, action}]}]`;
 * the link leads to the action. Below them may stand `notes` (`[{label, value, link, action}]`) and `tabs` (`[{label, count, icon, active,
 * action}]`), which lead to other rows of the same.
 */
export class XeroFigures extends Component {
    static template = "xero_connector.XeroFigures";
    static props = { strips: Array };

    setup() {
        this.action = useService("action");
    }

    wordOf([family, state]) {
        return wordOf(family, state, state);
    }

    /** A tab takes the place of the page, so that the way back is the same from each. */
    openTab(tab) {
        return this.action.doAction(tab.action, { stackPosition: "replaceCurrentAction" });
    }
}

/** The figures of a controller's list, read again with the list. */
function useFigures(controller) {
    const figures = useState({ shown: [] });
    const orm = useService("orm");
    const component = useComponent();
    const read = async () => {
        if (status(component) === "destroyed") {
            return;
        }
        figures.shown = await orm.silent.call(controller.props.resModel, "xero_figures", [], { context: controller.props.context });
    };
    const load = controller.model.load.bind(controller.model);
    controller.model.load = async (...parameters) => {
        await load(...parameters);
        await read();
    };
    onMounted(read);
    return figures;
}

export class FiguresListController extends FreshListController {
    static template = "xero_connector.FiguresListView";
    static components = { ...FreshListController.components, XeroFigures };

    setup() {
        super.setup();
        this.figures = useFigures(this);
    }
}

export class FiguresKanbanController extends FreshKanbanController {
    static template = "xero_connector.FiguresKanbanView";
    static components = { ...FreshKanbanController.components, XeroFigures };

    setup() {
        super.setup();
        this.figures = useFigures(this);
    }
}

registry.category("views").add("xero_figures_list", { ...listView, Controller: FiguresListController });
registry.category("views").add("xero_figures_kanban", { ...kanbanView, Controller: FiguresKanbanController });
