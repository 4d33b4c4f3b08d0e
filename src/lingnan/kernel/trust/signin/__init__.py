"""Signing in: credentials, how surely somebody is known, sessions, and coming back after a loss."""
