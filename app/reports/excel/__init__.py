"""Overviews as Excel files: their rows, their groups, and what the file says of itself."""
