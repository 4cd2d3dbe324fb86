"""Saved reports: an overview's state under a name, kept, shared, and opened with the reader's own rights."""
