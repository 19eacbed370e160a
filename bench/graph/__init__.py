"""The graph engine against a bare table, the textbook check and networkx, all in one run."""
