"""What people read in a browser: an analysis laid out, and the templates that show it.

Served by `serve` and written as a file by `replay --html`, from the same templates. Nothing here
judges: it only puts what the core found in its place.
"""
