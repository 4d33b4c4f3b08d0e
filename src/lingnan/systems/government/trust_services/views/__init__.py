"""Pages of trust services."""
