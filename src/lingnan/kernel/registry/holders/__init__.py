"""Which body answers for a data element, and since when."""
