"""What a bank line was probably for: plain values, no Odoo. `matcher.suggest` is the door."""
