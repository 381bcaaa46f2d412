{
    "name": "Xero Connector: Tests of Extensions",
    "summary": "Adds a kind of document of its own; proves that the connector is open to other addons",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "xero_connector contributors",
    "license": "LGPL-3",
    "depends": ["xero_connector"],
    "data": [
        "security/ir.model.access.csv",
        "views/test_xero_accrual_views.xml",
    ],
}
