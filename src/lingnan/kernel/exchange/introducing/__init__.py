"""People between nodes: the node of their register introduces each to a node that serves them."""
