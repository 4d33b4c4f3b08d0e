"""Certificates as documents: one layout, templates of each matter, rendered to PDF/A."""
