"""Whose data: brokers, their units, their clients' organizations, the people, and what each may see."""
