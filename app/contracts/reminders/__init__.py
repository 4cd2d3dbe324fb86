"""Reminders by mail of the last days to give notice."""
