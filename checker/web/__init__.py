"""Pages for people: the threshold desk as one file, and the review page with its small local server."""
