"""A person's mailbox: what was written to him and by him, and what the portal itself told him."""
