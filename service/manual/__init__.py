"""The manuals of the procedures: read from their files, and written as one page."""
