"""Starts the real server with its databases and file stores, and creates its users."""
