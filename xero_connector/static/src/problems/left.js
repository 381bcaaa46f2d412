import { onMounted, useExternalListener } from "@odoo/owl";

/** Problems whose fix somebody has gone to: whoever comes back wants to know whether it helped. */
const left = new Set();

/** Problems that were looked at again since: what came of it is said until the page is left. */
export const looked = new Set();

export function leaveFor(model, id) {
    if (model === "xero.problem") {
        left.add(id);
    }
}

/** Have it looked whether the cause of these problems is gone, as far as somebody has been at their fix; whether any was. */
export async function comeBack(orm, ids) {
    const back = ids.filter((id) => left.delete(id));
    if (back.length) {
        back.forEach((id) => looked.add(id));
        await orm.call("xero.problem", "action_look", [back]);
    }
    return Boolean(back.length);
}

/** Call `look` when the page is shown, and whenever somebody returns to its tab. */
export function useComingBack(look) {
    onMounted(look);
    useExternalListener(document, "visibilitychange", () => !document.hidden && look());
}
