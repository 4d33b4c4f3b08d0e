"""Addresses as people write them, read as divisions and doors: `geocoder.geocode` is the way in."""
