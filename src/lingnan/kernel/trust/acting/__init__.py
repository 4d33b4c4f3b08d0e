"""Acting for others: for a child, by a power, for a firm; and each act names both."""
