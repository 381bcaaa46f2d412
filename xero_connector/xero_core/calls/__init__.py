"""The calls of the Accounting API, by subject; `client.XeroClient` puts them together."""
