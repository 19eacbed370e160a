"""Who is let in, as whom, how often, and how they prove it."""
