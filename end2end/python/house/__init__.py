"""The real program, databases for it, and the people who use it."""
