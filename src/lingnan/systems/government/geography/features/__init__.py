"""Boundaries and addresses as OGC API - Features (OGC 17-069r4): `views.router` is its HTTP."""
