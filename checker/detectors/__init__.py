"""Detectors, one file per kind of evidence: `detect(pair)` gives what speaks for or against a conflict."""
