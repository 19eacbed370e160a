"""Answers that are kept in Redis, and why they are never wrong."""
