"""Private keys: made, kept wrapped, and used to sign without leaving the store."""
