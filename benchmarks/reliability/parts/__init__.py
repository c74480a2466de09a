"""One module a promise; see `reliability.frame` for what it holds."""
