"""Changes that arrive by themselves: who follows what, and what the processes tell each other."""
