"""Australia: Xero's default chart of accounts and GST rates."""

from .common import Region, accounts, taxes

_TAXES = taxes(
    """
    OUTPUT         | GST on Income        | 10 | OUTPUT          | AQLR
    INPUT          | GST on Expenses      | 10 | INPUT           | AQEL
    EXEMPTEXPENSES | GST Free Expenses    | 0  | EXEMPTEXPENSES  | AQEL
    EXEMPTOUTPUT   | GST Free Income      | 0  | EXEMPTOUTPUT    | AQLR
    BASEXCLUDED    | BAS Excluded         | 0  | BASEXCLUDED     | AQELR
    EXEMPTCAPITAL  | GST Free Capital     | 0  | EXEMPTCAPITAL   | AQEL
    EXEMPTEXPORT   | GST Free Exports     | 0  | EXEMPTEXPORT    | AQLR
    CAPEXINPUT     | GST on Capital       | 10 | CAPITALEXINPUT  | AQEL
    INPUTTAXED     | Input Taxed          | 0  | INPUTTAXED      | AQELR
    GSTONIMPORTS   | GST on Imports       | 0  | GSTONIMPORTS    | L
    GSTONCAPIMPORTS| GST on Capital Imports | 0 | GSTONCAPIMPORTS | L
    """,
    "GST",
)
_ACCOUNTS = accounts(
    """
    090 | Business Bank Account            | BANK        | BASEXCLUDED    | 1201021234500
    200 | Sales                            | REVENUE     | OUTPUT
    260 | Other Revenue                    | REVENUE     | OUTPUT
    270 | Interest Income                  | REVENUE     | EXEMPTOUTPUT
    310 | Cost of Goods Sold               | DIRECTCOSTS | INPUT
    400 | Advertising                      | EXPENSE     | INPUT
    404 | Bank Fees                        | EXPENSE     | EXEMPTEXPENSES
    408 | Cleaning                         | EXPENSE     | INPUT
    412 | Consulting & Accounting          | EXPENSE     | INPUT
    416 | Depreciation                     | EXPENSE     | BASEXCLUDED
    420 | Entertainment                    | EXPENSE     | INPUT
    425 | Freight & Courier                | EXPENSE     | INPUT
    429 | General Expenses                 | EXPENSE     | INPUT
    433 | Insurance                        | EXPENSE     | INPUT
    437 | Interest Expense                 | EXPENSE     | EXEMPTEXPENSES
    441 | Legal expenses                   | EXPENSE     | INPUT
    445 | Light, Power, Heating            | EXPENSE     | INPUT
    449 | Motor Vehicle Expenses           | EXPENSE     | INPUT
    453 | Office Expenses                  | EXPENSE     | INPUT
    461 | Printing & Stationery            | EXPENSE     | INPUT
    469 | Rent                             | EXPENSE     | INPUT
    473 | Repairs and Maintenance          | EXPENSE     | INPUT
    477 | Wages and Salaries               | EXPENSE     | BASEXCLUDED
    478 | Superannuation                   | EXPENSE     | BASEXCLUDED
    485 | Subscriptions                    | EXPENSE     | INPUT
    489 | Telephone & Internet             | EXPENSE     | INPUT
    493 | Travel - National                | EXPENSE     | INPUT
    494 | Travel - International           | EXPENSE     | EXEMPTEXPENSES
    497 | Bank Revaluations                | EXPENSE     | BASEXCLUDED    | BANKCURRENCYGAIN
    498 | Unrealised Currency Gains        | EXPENSE     | BASEXCLUDED    | UNREALISEDCURRENCYGAIN
    499 | Realised Currency Gains          | EXPENSE     | BASEXCLUDED    | REALISEDCURRENCYGAIN
    505 | Income Tax Expense               | EXPENSE     | BASEXCLUDED
    610 | Accounts Receivable              | CURRENT     | BASEXCLUDED    | DEBTORS
    620 | Prepayments                      | CURRENT     | BASEXCLUDED
    630 | Inventory                        | INVENTORY   | BASEXCLUDED
    710 | Office Equipment                 | FIXED       | CAPEXINPUT
    711 | Less Accumulated Depreciation on Office Equipment   | FIXED | BASEXCLUDED
    720 | Computer Equipment               | FIXED       | CAPEXINPUT
    721 | Less Accumulated Depreciation on Computer Equipment | FIXED | BASEXCLUDED
    800 | Accounts Payable                 | CURRLIAB    | BASEXCLUDED    | CREDITORS
    801 | Unpaid Expense Claims            | CURRLIAB    | BASEXCLUDED    | UNPAIDEXPCLM
    804 | Wages Payable - Payroll          | CURRLIAB    | BASEXCLUDED    | WAGEPAYABLES
    820 | GST                              | CURRLIAB    | BASEXCLUDED    | GST
    825 | PAYG Withholdings Payable        | CURRLIAB    | BASEXCLUDED
    826 | Superannuation Payable           | CURRLIAB    | BASEXCLUDED
    830 | Income Tax Payable               | CURRLIAB    | BASEXCLUDED
    840 | Historical Adjustment            | CURRLIAB    | BASEXCLUDED    | HISTORICAL
    850 | Suspense                         | CURRLIAB    | BASEXCLUDED
    860 | Rounding                         | CURRLIAB    | BASEXCLUDED    | ROUNDING
    877 | Tracking Transfers               | CURRLIAB    | BASEXCLUDED    | TRACKINGTRANSFERS
    880 | Owner A Drawings                 | CURRLIAB    | BASEXCLUDED    | PAY
    881 | Owner A Funds Introduced         | CURRLIAB    | BASEXCLUDED    | PAY
    900 | Loan                             | TERMLIAB    | BASEXCLUDED
    960 | Retained Earnings                | EQUITY      | BASEXCLUDED    | RETAINEDEARNINGS
    970 | Owner A Share Capital            | EQUITY      | BASEXCLUDED    | PAY
    """
)
AU = Region(
    key="AU",
    name="Demo Company (AU)",
    legal_name="Demo Company (AU) Pty Ltd",
    version="AU",
    country="AU",
    currency="AUD",
    timezone="AUSEASTERNSTANDARDTIME",
    zone="Australia/Sydney",
    year_end=(30, 6),
    sales_tax_basis="ACCRUALS",
    sales_tax_period="QUARTERLY1",
    no_tax="BASEXCLUDED",
    accounts=_ACCOUNTS,
    taxes=_TAXES,
    tracking=(("Region", ("Eastside", "North", "South", "West Coast")),),
    phone_country="61",
    city="Sydney",
)
