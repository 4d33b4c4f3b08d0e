"""Being told across nodes: asked for at one, delivered as signed events, received once."""
