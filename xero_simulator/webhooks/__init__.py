"""Webhooks as Xero sends them: what happened (`events`), who is told (`subscriptions`), and the sending itself (`sender`)."""
