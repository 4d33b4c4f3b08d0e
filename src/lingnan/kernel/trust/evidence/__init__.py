"""The evidence store: who used whose data, when and why, kept so that nobody can rewrite it."""
