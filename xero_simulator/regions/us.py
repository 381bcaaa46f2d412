"""United States: Xero's default chart. Sales tax starts at 0 %; the TAX00n rates are made by the organisation."""

from .common import Region, accounts, taxes

US_TAXES = taxes(
    """
    OUTPUT       | Tax on Sales         | 0    | OUTPUT       | AQLR
    INPUT        | Tax on Purchases     | 0    | INPUT        | AQEL
    NONE         | Tax Exempt           | 0    | NONE         | AQELR
    GSTONIMPORTS | Sales Tax on Imports | 0    | GSTONIMPORTS | L
    """,
    "Tax",
)
_OWN_TAXES = taxes(
    """
    TAX001       | Tax on Consulting    | 8.25 | OUTPUT       | AQELR
    TAX002       | Tax on Goods         | 8.75 | OUTPUT       | AQELR
    TAX003       | Sales Tax 15%        | 15   | OUTPUT       | AQELR
    """,
    "Tax",
)
US_ACCOUNTS = accounts(
    """
    090 | Business Bank Account            | BANK        | NONE   | 121000248123456
    200 | Sales                            | REVENUE     | OUTPUT
    260 | Other Revenue                    | REVENUE     | OUTPUT
    270 | Interest Income                  | REVENUE     | NONE
    310 | Cost of Goods Sold               | DIRECTCOSTS | INPUT
    400 | Advertising                      | EXPENSE     | INPUT
    404 | Bank Fees                        | EXPENSE     | NONE
    408 | Cleaning                         | EXPENSE     | INPUT
    412 | Consulting & Accounting          | EXPENSE     | INPUT
    416 | Depreciation                     | EXPENSE     | NONE
    420 | Entertainment                    | EXPENSE     | INPUT
    425 | Freight & Courier                | EXPENSE     | INPUT
    429 | General Expenses                 | EXPENSE     | INPUT
    433 | Insurance                        | EXPENSE     | INPUT
    437 | Interest Expense                 | EXPENSE     | NONE
    441 | Legal expenses                   | EXPENSE     | INPUT
    445 | Light, Power, Heating            | EXPENSE     | INPUT
    449 | Motor Vehicle Expenses           | EXPENSE     | INPUT
    453 | Office Expenses                  | EXPENSE     | INPUT
    461 | Printing & Stationery            | EXPENSE     | INPUT
    469 | Rent                             | EXPENSE     | INPUT
    473 | Repairs and Maintenance          | EXPENSE     | INPUT
    477 | Wages and Salaries               | EXPENSE     | NONE
    479 | Payroll Tax Expense              | EXPENSE     | NONE
    485 | Subscriptions                    | EXPENSE     | INPUT
    489 | Telephone & Internet             | EXPENSE     | INPUT
    493 | Travel - National                | EXPENSE     | INPUT
    494 | Travel - International           | EXPENSE     | NONE
    497 | Bank Revaluations                | EXPENSE     | NONE   | BANKCURRENCYGAIN
    498 | Unrealized Currency Gains        | EXPENSE     | NONE   | UNREALISEDCURRENCYGAIN
    499 | Realized Currency Gains          | EXPENSE     | NONE   | REALISEDCURRENCYGAIN
    505 | Income Tax Expense               | EXPENSE     | NONE
    610 | Accounts Receivable              | CURRENT     | NONE   | DEBTORS
    620 | Prepayments                      | CURRENT     | NONE
    630 | Inventory                        | INVENTORY   | NONE
    710 | Office Equipment                 | FIXED       | INPUT
    711 | Less Accumulated Depreciation on Office Equipment   | FIXED | NONE
    720 | Computer Equipment               | FIXED       | INPUT
    721 | Less Accumulated Depreciation on Computer Equipment | FIXED | NONE
    800 | Accounts Payable                 | CURRLIAB    | NONE   | CREDITORS
    801 | Unpaid Expense Claims            | CURRLIAB    | NONE   | UNPAIDEXPCLM
    804 | Wages Payable - Payroll          | CURRLIAB    | NONE   | WAGEPAYABLES
    820 | Sales Tax                        | CURRLIAB    | NONE   | GST
    825 | Employee Tax Payable             | CURRLIAB    | NONE
    830 | Income Tax Payable               | CURRLIAB    | NONE
    835 | Revenue Received in Advance      | CURRLIAB    | NONE
    840 | Historical Adjustment            | CURRLIAB    | NONE   | HISTORICAL
    850 | Suspense                         | CURRLIAB    | NONE
    855 | Clearing Account                 | CURRLIAB    | NONE   | PAY
    860 | Rounding                         | CURRLIAB    | NONE   | ROUNDING
    877 | Tracking Transfers               | CURRLIAB    | NONE   | TRACKINGTRANSFERS
    880 | Owner A Drawings                 | CURRLIAB    | NONE   | PAY
    881 | Owner A Funds Introduced         | CURRLIAB    | NONE   | PAY
    900 | Loan                             | TERMLIAB    | NONE
    960 | Retained Earnings                | EQUITY      | NONE   | RETAINEDEARNINGS
    970 | Owner A Share Capital            | EQUITY      | NONE   | PAY
    """
)
US = Region(
    key="US",
    name="Demo Company (US)",
    legal_name="Demo Company (US) Inc",
    version="US",
    country="US",
    currency="USD",
    timezone="EASTERNSTANDARDTIME",
    zone="America/New_York",
    year_end=(31, 12),
    sales_tax_basis="ACCRUALS",
    sales_tax_period="QUARTERLY",
    no_tax="NONE",
    accounts=US_ACCOUNTS,
    taxes=US_TAXES + _OWN_TAXES,
    phone_country="1",
    city="New York",
)
