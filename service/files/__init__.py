"""Files that hang on tasks, on their way in and out: counted, looked at, stored, sent, removed."""
