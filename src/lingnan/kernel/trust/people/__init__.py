"""A body's people: accounts opened and locked, posts given and ended, by whom and why."""
