"""Whole graphs in and out, as JSON Lines: see docs/import-format.md.

line       what one line may say
importing  a file into a workspace, all or nothing
exporting  a workspace into a file, one consistent snapshot
people     whose workspace is meant
"""
