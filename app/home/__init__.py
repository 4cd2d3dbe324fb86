"""Home: the figures, deadlines and news a viewer's profile allows."""
