"""Looking through a user's eyes: begun with a reason, for minutes, told to him, and only to look."""
