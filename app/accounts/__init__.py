"""Accounts: signing in and out, and what a person decides for himself."""
