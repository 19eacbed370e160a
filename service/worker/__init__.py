"""What happens in the background: jobs that nobody waits for, in a process of their own or beside the API."""
