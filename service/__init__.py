"""Headgate: a task-dependency backend whose rules live in the database."""
