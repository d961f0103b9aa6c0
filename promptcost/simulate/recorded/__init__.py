"""Recorded requests as traffic: replayed as they are, and without the causes found in them."""
