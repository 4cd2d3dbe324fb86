"""The shell: what surrounds every page, and the first one after signing in."""
