"""The pages of a body's data officer for what the body joins and publishes."""
