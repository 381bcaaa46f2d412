{
    "name": "Xero Connector: Expenses",
    "summary": "Shows on expenses how their bill or payment stands in Xero",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "xero_connector contributors",
    "license": "LGPL-3",
    "depends": ["xero_connector", "hr_expense"],
    "data": ["views/hr_expense_views.xml"],
    "auto_install": True,
}
