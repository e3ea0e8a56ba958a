"""Readers, one file per format: `read(path, options)` gives rows, documents and problems."""
