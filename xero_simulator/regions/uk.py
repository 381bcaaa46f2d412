"""United Kingdom: Xero's default chart of accounts and VAT rates."""

from .common import Region, accounts, taxes

_TAXES = taxes(
    """
    OUTPUT2            | 20% (VAT on Income)            | 20 | OUTPUT           | AQLR
    INPUT2             | 20% (VAT on Expenses)          | 20 | INPUT            | AQEL
    CAPEXOUTPUT2       | 20% (VAT on Capital Sales)     | 20 | CAPITALSALESOUTPUT   | AQLR
    CAPEXINPUT2        | 20% (VAT on Capital Purchases) | 20 | CAPITALEXPENSESINPUT | AQEL
    RROUTPUT           | 5% (VAT on Income)             | 5  | OUTPUT           | AQLR
    RRINPUT            | 5% (VAT on Expenses)           | 5  | INPUT            | AQEL
    ZERORATEDOUTPUT    | Zero Rated Income              | 0  | OUTPUT           | AQLR
    ZERORATEDINPUT     | Zero Rated Expenses            | 0  | INPUT            | AQEL
    EXEMPTOUTPUT       | Exempt Income                  | 0  | EXEMPTOUTPUT     | AQLR
    EXEMPTINPUT        | Exempt Expenses                | 0  | EXEMPTINPUT      | AQEL
    NONE               | No VAT                         | 0  | NONE             | AQELR
    ECZROUTPUT         | Zero Rated EC Goods Income     | 0  | ECOUTPUT         | AQLR
    ECZROUTPUTSERVICES | Zero Rated EC Services         | 0  | ECOUTPUTSERVICES | AQLR
    ECZRINPUT          | Zero Rated EC Expenses         | 0  | ECINPUT          | AQEL
    ECACQUISITIONS     | EC Acquisitions (20%)          | 20 | ECACQUISITIONS   | AQEL
    REVERSECHARGES     | Reverse Charge Expenses (20%)  | 20 | REVERSECHARGES   | AQEL
    DRCHARGESUPPLY20   | Domestic Reverse Charge @ 20% (VAT on Income)   | 20 | OUTPUT | AQLR
    DRCHARGE20         | Domestic Reverse Charge @ 20% (VAT on Expenses) | 20 | INPUT  | AQEL
    DRCHARGESUPPLY5    | Domestic Reverse Charge @ 5% (VAT on Income)    | 5  | OUTPUT | AQLR
    DRCHARGE5          | Domestic Reverse Charge @ 5% (VAT on Expenses)  | 5  | INPUT  | AQEL
    GSTONIMPORTS       | VAT on Imports                 | 0  | GSTONIMPORTS     | L
    SROUTPUT           | 17.5% (VAT on Income)          | 17.5 | OUTPUT         | AQLR | DELETED
    SRINPUT            | 17.5% (VAT on Expenses)        | 17.5 | INPUT          | AQEL | DELETED
    """,
    "VAT",
)
_ACCOUNTS = accounts(
    """
    090 | Business Bank Account            | BANK        | NONE   | 20200012345678
    200 | Sales                            | REVENUE     | OUTPUT2
    260 | Other Revenue                    | REVENUE     | OUTPUT2
    270 | Interest Income                  | REVENUE     | NONE
    310 | Cost of Goods Sold               | DIRECTCOSTS | INPUT2
    320 | Direct Wages                     | DIRECTCOSTS | NONE
    325 | Direct Expenses                  | DIRECTCOSTS | INPUT2
    400 | Advertising & Marketing          | OVERHEADS   | INPUT2
    401 | Audit & Accountancy fees         | OVERHEADS   | INPUT2
    404 | Bank Fees                        | OVERHEADS   | NONE
    408 | Cleaning                         | OVERHEADS   | INPUT2
    412 | Consulting                       | OVERHEADS   | INPUT2
    416 | Depreciation Expense             | OVERHEADS   | NONE
    418 | Charitable and Political Donations | OVERHEADS | NONE
    420 | Entertainment-100% business      | OVERHEADS   | INPUT2
    424 | Entertainment - 0%               | OVERHEADS   | NONE
    425 | Postage, Freight & Courier       | OVERHEADS   | INPUT2
    429 | General Expenses                 | OVERHEADS   | INPUT2
    433 | Insurance                        | OVERHEADS   | EXEMPTINPUT
    437 | Interest Paid                    | OVERHEADS   | NONE
    441 | Legal Expenses                   | OVERHEADS   | INPUT2
    445 | Light, Power, Heating            | OVERHEADS   | RRINPUT
    449 | Motor Vehicle Expenses           | OVERHEADS   | INPUT2
    457 | Operating Lease Payments         | OVERHEADS   | INPUT2
    461 | Printing & Stationery            | OVERHEADS   | INPUT2
    463 | IT Software and Consumables      | OVERHEADS   | INPUT2
    465 | Rates                            | OVERHEADS   | NONE
    469 | Rent                             | OVERHEADS   | NONE
    473 | Repairs & Maintenance            | OVERHEADS   | INPUT2
    477 | Salaries                         | OVERHEADS   | NONE
    478 | Directors' Remuneration          | OVERHEADS   | NONE
    479 | Employers National Insurance     | OVERHEADS   | NONE
    480 | Staff Training                   | OVERHEADS   | INPUT2
    482 | Pensions Costs                   | OVERHEADS   | NONE
    483 | Medical Insurance                | OVERHEADS   | NONE
    485 | Subscriptions                    | OVERHEADS   | INPUT2
    489 | Telephone & Internet             | OVERHEADS   | INPUT2
    493 | Travel - National                | OVERHEADS   | ZERORATEDINPUT
    494 | Travel - International           | OVERHEADS   | ZERORATEDINPUT
    497 | Bank Revaluations                | OVERHEADS   | NONE   | BANKCURRENCYGAIN
    498 | Unrealised Currency Gains        | OVERHEADS   | NONE   | UNREALISEDCURRENCYGAIN
    499 | Realised Currency Gains          | OVERHEADS   | NONE   | REALISEDCURRENCYGAIN
    500 | Corporation Tax                  | OVERHEADS   | NONE
    610 | Accounts Receivable              | CURRENT     | NONE   | DEBTORS
    611 | Less Provision for Doubtful Debts | CURRENT    | NONE
    620 | Prepayments                      | CURRENT     | NONE
    630 | Inventory                        | INVENTORY   | NONE
    710 | Office Equipment                 | FIXED       | INPUT2
    711 | Less Accumulated Depreciation on Office Equipment   | FIXED | NONE
    720 | Computer Equipment               | FIXED       | INPUT2
    721 | Less Accumulated Depreciation on Computer Equipment | FIXED | NONE
    760 | Motor Vehicles                   | FIXED       | INPUT2
    761 | Less Accumulated Depreciation on Motor Vehicles     | FIXED | NONE
    764 | Plant & Machinery                | FIXED       | INPUT2
    765 | Less Accumulated Depreciation on Plant & Machinery  | FIXED | NONE
    770 | Intangibles                      | FIXED       | INPUT2
    771 | Less Accumulated Amortisation on Intangibles        | FIXED | NONE
    800 | Accounts Payable                 | CURRLIAB    | NONE   | CREDITORS
    801 | Unpaid Expense Claims            | CURRLIAB    | NONE   | UNPAIDEXPCLM
    805 | Accruals                         | CURRLIAB    | NONE
    810 | Income in Advance                | CURRLIAB    | NONE
    811 | Credit Card Control Account      | CURRLIAB    | NONE
    814 | Wages Payable - Payroll          | CURRLIAB    | NONE   | WAGEPAYABLES
    815 | Employee contribution to benefits | CURRLIAB   | NONE
    820 | VAT                              | CURRLIAB    | NONE   | GST
    825 | PAYE Payable                     | CURRLIAB    | NONE
    826 | NIC Payable                      | CURRLIAB    | NONE
    830 | Provision for Corporation Tax    | CURRLIAB    | NONE
    835 | Directors' Loan Account          | CURRLIAB    | NONE   | PAY
    840 | Historical Adjustment            | CURRLIAB    | NONE   | HISTORICAL
    850 | Suspense                         | CURRLIAB    | NONE
    858 | Pensions Payable                 | CURRLIAB    | NONE
    860 | Rounding                         | CURRLIAB    | NONE   | ROUNDING
    868 | Earnings Orders Payable          | CURRLIAB    | NONE
    877 | Tracking Transfers               | CURRLIAB    | NONE   | TRACKINGTRANSFERS
    900 | Loan                             | TERMLIAB    | NONE
    910 | Hire Purchase Loan               | TERMLIAB    | NONE
    920 | Deferred Tax                     | TERMLIAB    | NONE
    947 | Student Loan Deductions Payable  | CURRLIAB    | NONE
    950 | Capital - x,xxx Ordinary Shares  | EQUITY      | NONE
    960 | Retained Earnings                | EQUITY      | NONE   | RETAINEDEARNINGS
    970 | Owner A Funds Introduced         | EQUITY      | NONE   | PAY
    980 | Owner A Drawings                 | EQUITY      | NONE   | PAY
    """
)
UK = Region(
    key="UK",
    name="Demo Company (UK)",
    legal_name="Demo Company (UK) Ltd",
    version="UK",
    country="GB",
    currency="GBP",
    timezone="GMTSTANDARDTIME",
    zone="Europe/London",
    year_end=(31, 3),
    sales_tax_basis="ACCRUAL",
    sales_tax_period="QUARTERLY",
    no_tax="NONE",
    accounts=_ACCOUNTS,
    taxes=_TAXES,
    phone_country="44",
    city="London",
)
