"""The two pages a person sees: consent, and what went wrong."""

from __future__ import annotations

from html import escape

from .accounts import App
from .scopes import describe

_STYLE = """
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;background:#f2f3f4;color:#000a1e}
header{background:#fff;border-bottom:1px solid #ccced2;padding:14px 24px;font-weight:700;font-size:18px;color:#0078c8}
header small{font-weight:400;color:#59606d;margin-left:8px}
main{max-width:520px;margin:40px auto;background:#fff;border:1px solid #e6e7e9;border-radius:8px;
padding:32px;box-shadow:0 1px 3px #0000001a}
h1{font-size:22px;line-height:1.3;margin:0 0 4px}h2{font-size:15px;margin:24px 0 8px}p{margin:4px 0;color:#404756}
ul{margin:0;padding-left:20px}li{margin:4px 0}code{font-size:12px;color:#59606d}
label{display:flex;gap:12px;align-items:center;border:1px solid #ccced2;border-radius:6px;padding:10px 14px;margin:8px 0;cursor:pointer}
label:has(input:checked){border-color:#0078c8;background:#f0f8ff}label small{color:#59606d;margin-left:auto}
.buttons{display:flex;gap:12px;margin-top:28px}
button{flex:1;font:inherit;font-weight:600;padding:10px;border-radius:4px;border:1px solid #0078c8;cursor:pointer;
background:#0078c8;color:#fff}
button.plain{background:#fff;color:#0078c8}.error{color:#a50e1d}
"""


def page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<header>Xero<small>simulator: no real Xero behind this page</small></header><main>{body}</main></body></html>"
    )


def consent_page(app: App, scopes: list[str], organisations: list[tuple[str, str, str]], hidden: dict[str, str], note: str = "") -> str:
    """`organisations` are (tenant id, name, country); `hidden` is the request, sent back as it came."""
    items = "".join(f"<li>{escape(describe(scope))}<br><code>{escape(scope)}</code></li>" for scope in scopes)
    radios = "".join(
        f'<label><input type="radio" name="tenant" value="{escape(tenant)}"{" checked" if not number else ""}>'
        f"<span>{escape(name)}</span><small>{escape(country)}</small></label>"
        for number, (tenant, name, country) in enumerate(organisations)
    )
    inputs = "".join(f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">' for key, value in hidden.items())
    notice = f'<p class="error">{escape(note)}</p>' if note else ""
    return page(
        f"{app.name} wants access to your organisation",
        f"<h1>{escape(app.name)} wants access to:</h1><p>Signed in as Demo User</p>{notice}"
        f'<form method="post">{inputs}<h2>Organisation data</h2><ul>{items}</ul>'
        f'<h2 id="choose">Select an organisation to connect</h2><div role="radiogroup" aria-labelledby="choose">{radios}</div>'
        f'<div class="buttons"><button type="submit" name="action" value="allow">Allow access</button>'
        f'<button type="submit" name="action" value="cancel" class="plain">Cancel</button></div></form>',
    )


def error_page(error: str, description: str) -> str:
    return page(
        "Sorry, something went wrong",
        f'<h1>Sorry, something went wrong</h1><p class="error">Error: {escape(error)}</p><p>{escape(description)}</p>',
    )
