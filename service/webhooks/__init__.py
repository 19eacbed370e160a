"""Telling addresses outside of changes: their secrets, what may be reached, and sending."""
