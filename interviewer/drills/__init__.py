"""Drill documents: read, parse, split into chunks."""
