"""The database's way from nothing to now, one small step after another."""
