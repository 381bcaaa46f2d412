"""The global edition: the same chart and the same three rates as the US edition, kept in US dollars, in UTC."""

from dataclasses import replace

from .us import US, US_TAXES

GLOBAL = replace(
    US,
    key="GLOBAL",
    name="Demo Company (Global)",
    legal_name="Demo Company (Global)",
    version="GLOBAL",
    country="AE",
    timezone="UTC",
    zone="UTC",
    sales_tax_basis="NONE",
    sales_tax_period="NONE",
    taxes=US_TAXES,
    phone_country="971",
    city="Dubai",
)
