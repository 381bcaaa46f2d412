"""`make chaos`: real Odoo processes, a simulated Xero, people at work, and everything that can go wrong going wrong."""
