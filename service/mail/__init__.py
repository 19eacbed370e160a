"""Mail: what is written, how it is sent, and when."""
