"""The terminal: commands, and the sentences people read there."""
