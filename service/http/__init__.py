"""What every request goes through on its way to a handler, and every answer on its way back."""
