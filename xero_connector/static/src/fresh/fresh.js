import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import { onWillUnmount, toRaw } from "@odoo/owl";

const CHANNEL = "xero_connector/state";
const PAUSE = 1000; // ms; a run announces every batch

/** Whether somebody is at work that a reload would throw away: a row that is edited, a dialog. */
function isBusy(model) {
    return Boolean(model.root.editedRecord) || document.body.classList.contains("modal-open");
}

/** What keeps the open lists fresh, by their models: how many components ask for it, and how to stop. */
const followed = new WeakMap();

function follow(model, bus, notification, concerns) {
    let timer = 0;
    let closeQuestion = null;
    const reload = () => {
        closeQuestion?.();
        closeQuestion = null;
        return model.load();
    };
    const ask = () => {
        closeQuestion ||= notification.add(_t("New results"), {
            type: "info",
            sticky: true,
            buttons: [{ name: _t("Reload"), onClick: reload }],
            onClose: () => (closeQuestion = null),
        });
    };
    const look = () => {
        timer = 0;
        if (isBusy(model)) {
            timer = setTimeout(look, PAUSE);
        } else if (model.root.selection?.length) {
            ask();
        } else {
            reload();
        }
    };
    const onState = (changed) => {
        if (!timer && model.root && concerns(changed)) {
            timer = setTimeout(look, PAUSE);
        }
    };
    bus.subscribe(CHANNEL, onState);
    bus.start();
    return () => {
        clearTimeout(timer);
        closeQuestion?.();
        bus.unsubscribe(CHANNEL, onState);
    };
}

/**
 * Read a list again when something changes in Xero, at most once a second. While somebody edits a row or answers a dialog it waits;
 * while rows are ticked it asks, because they would no longer be. Whoever asks first for a list says what concerns it.
 *
 * @param model the list's, whose pages, groups and scroll position stay
 * @param concerns which announcements (`{model: ids}`) concern it
 */
export function useFresh(model, concerns = () => true) {
    const bus = useService("bus_service");
    const notification = useService("notification");
    const key = toRaw(model);
    const followers = followed.get(key) || { count: 0, stop: follow(model, bus, notification, concerns) };
    followers.count += 1;
    followed.set(key, followers);
    onWillUnmount(() => {
        followers.count -= 1;
        if (!followers.count) {
            followers.stop();
            followed.delete(key);
        }
    });
}

export class FreshListController extends ListController {
    setup() {
        super.setup();
        useFresh(this.model);
    }
}

export class FreshKanbanController extends KanbanController {
    setup() {
        super.setup();
        useFresh(this.model);
    }
}

registry.category("views").add("xero_fresh_list", { ...listView, Controller: FreshListController });
registry.category("views").add("xero_fresh_kanban", { ...kanbanView, Controller: FreshKanbanController });
