"""The certification authority of a node: a root, an authority for each city, what they issued."""
