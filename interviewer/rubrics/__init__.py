"""Rubric files: reading them, and finding every fault in them."""
