"""Permission profiles at the broker's desk: what each grants, who has it, and what a change of it does to whom."""
