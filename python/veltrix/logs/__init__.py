"""What an engine writes for people to read."""
