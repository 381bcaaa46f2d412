import { session } from "@web/session";

const FAMILIES = session.xero_words || {};

/** Label, colour and icon of a state (`xero_connector/words.py`); `label` only if the server knows no word for it. */
export function wordOf(family, value, label) {
    return FAMILIES[family]?.[value || ""] || { label, color: "grey" };
}
