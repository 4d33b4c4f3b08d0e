"""Pages of regional cooperation."""
