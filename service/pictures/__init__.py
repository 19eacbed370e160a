"""Task graphs as pictures."""
