"""New Zealand: Xero's default chart of accounts; GST rates as recorded from a live demo company."""

from .common import Region, accounts, taxes

_TAXES = taxes(
    """
    INPUT        | 12.5% GST on Expenses | 12.5 | INPUT        | AQEL  | DELETED
    OUTPUT       | 12.5% GST on Income   | 12.5 | OUTPUT       | AQLR  | DELETED
    INPUT2       | 15% GST on Expenses   | 15   | INPUT        | AQEL
    OUTPUT2      | 15% GST on Income     | 15   | OUTPUT       | AQLR
    GSTONIMPORTS | GST on Imports        | 0    | GSTONIMPORTS | L
    NONE         | No GST                | 0    | NONE         | AQELR
    ZERORATED    | Zero Rated            | 0    | OUTPUT       | LR
    """,
    "GST",
)
_ACCOUNTS = accounts(
    """
    090 | Business Bank Account            | BANK        | NONE   | 1201020345678000
    091 | Business Savings Account         | BANK        | NONE   | 0209087654321050
    200 | Sales                            | REVENUE     | OUTPUT2
    260 | Other Revenue                    | REVENUE     | OUTPUT2
    270 | Interest Income                  | REVENUE     | NONE
    300 | Purchases                        | DIRECTCOSTS | INPUT2
    310 | Cost of Goods Sold               | DIRECTCOSTS | INPUT2
    400 | Advertising                      | EXPENSE     | INPUT2
    404 | Bank Fees                        | EXPENSE     | NONE
    408 | Cleaning                         | EXPENSE     | INPUT2
    412 | Consulting & Accounting          | EXPENSE     | INPUT2
    416 | Depreciation                     | EXPENSE     | NONE
    420 | Entertainment                    | EXPENSE     | INPUT2
    425 | Freight & Courier                | EXPENSE     | INPUT2
    429 | General Expenses                 | EXPENSE     | INPUT2
    433 | Insurance                        | EXPENSE     | INPUT2
    437 | Interest Expense                 | EXPENSE     | NONE
    441 | Legal expenses                   | EXPENSE     | INPUT2
    445 | Light, Power, Heating            | EXPENSE     | INPUT2
    449 | Motor Vehicle Expenses           | EXPENSE     | INPUT2
    453 | Office Expenses                  | EXPENSE     | INPUT2
    461 | Printing & Stationery            | EXPENSE     | INPUT2
    469 | Rent                             | EXPENSE     | INPUT2
    473 | Repairs and Maintenance          | EXPENSE     | INPUT2
    477 | Salaries                         | EXPENSE     | NONE
    478 | KiwiSaver Employer Contributions | EXPENSE     | NONE
    485 | Subscriptions                    | EXPENSE     | INPUT2
    489 | Telephone & Internet             | EXPENSE     | INPUT2
    493 | Travel - National                | EXPENSE     | INPUT2
    494 | Travel - International           | EXPENSE     | NONE
    497 | Bank Revaluations                | EXPENSE     | NONE   | BANKCURRENCYGAIN
    498 | Unrealised Currency Gains        | EXPENSE     | NONE   | UNREALISEDCURRENCYGAIN
    499 | Realised Currency Gains          | EXPENSE     | NONE   | REALISEDCURRENCYGAIN
    505 | Income Tax Expense               | EXPENSE     | NONE
    610 | Accounts Receivable              | CURRENT     | NONE   | DEBTORS
    620 | Prepayments                      | CURRENT     | NONE
    630 | Inventory                        | INVENTORY   | NONE
    640 | Withholding tax paid             | CURRENT     | NONE
    710 | Office Equipment                 | FIXED       | INPUT2
    711 | Less Accumulated Depreciation on Office Equipment   | FIXED | NONE
    720 | Computer Equipment               | FIXED       | INPUT2
    721 | Less Accumulated Depreciation on Computer Equipment | FIXED | NONE
    800 | Accounts Payable                 | CURRLIAB    | NONE   | CREDITORS
    801 | Unpaid Expense Claims            | CURRLIAB    | NONE   | UNPAIDEXPCLM
    814 | Wages Payable - Payroll          | CURRLIAB    | NONE   | WAGEPAYABLES
    820 | GST                              | CURRLIAB    | NONE   | GST
    825 | PAYE Payable                     | CURRLIAB    | NONE
    830 | Income Tax                       | CURRLIAB    | NONE
    840 | Historical Adjustment            | CURRLIAB    | NONE   | HISTORICAL
    850 | Suspense                         | CURRLIAB    | NONE
    860 | Rounding                         | CURRLIAB    | NONE   | ROUNDING
    877 | Tracking Transfers               | CURRLIAB    | NONE   | TRACKINGTRANSFERS
    900 | Loan                             | TERMLIAB    | NONE
    960 | Retained Earnings                | EQUITY      | NONE   | RETAINEDEARNINGS
    970 | Owner A Funds Introduced         | EQUITY      | NONE   | PAY
    980 | Owner A Drawings                 | EQUITY      | NONE   | PAY
    """
)
NZ = Region(
    key="NZ",
    name="Demo Company (NZ)",
    legal_name="Demo Company (NZ) Limited",
    version="NZ",
    country="NZ",
    currency="NZD",
    timezone="NEWZEALANDSTANDARDTIME",
    zone="Pacific/Auckland",
    year_end=(31, 3),
    sales_tax_basis="PAYMENTS",
    sales_tax_period="TWOMONTHS",
    no_tax="NONE",
    accounts=_ACCOUNTS,
    taxes=_TAXES,
    tracking=(("Region", ("Eastside", "North", "South", "West Coast")),),
    phone_country="64",
    city="Marineville",
)
