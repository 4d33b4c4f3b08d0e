"""What an operator should know first: what waits, what ends, what is not as it should be."""
