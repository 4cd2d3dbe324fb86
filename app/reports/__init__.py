"""Interactive reports: every overview is one, over a source that a slice offers."""
