"""What the API takes and returns: one schema a shape, with an example of each field."""
