"""Exchange: records and rates on their way in."""
