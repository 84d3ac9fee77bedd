"""The operations of each tag as methods."""
