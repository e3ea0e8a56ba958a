"""Renderers, one file per output format: `render(result)` gives the file's content."""
