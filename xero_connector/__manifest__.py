{
    "name": "Xero Connector",
    "summary": "Keep an Odoo company and its Xero organisation in step, once and to the cent",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "xero_connector contributors",
    "license": "LGPL-3",
    "depends": ["account"],
    "external_dependencies": {"python": ["xero-python", "requests", "cryptography"]},
    "data": [
        "security/xero_security.xml",
        "security/ir.model.access.csv",
        "security/xero_rules.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": [],
    },
    "application": True,
}
