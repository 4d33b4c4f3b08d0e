"""Messages between nodes: who is who, what is signed, and the applications that carry them."""
