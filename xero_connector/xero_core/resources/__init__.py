"""The pages of Xero's Accounting API; `client.XeroClient` puts their calls together."""
