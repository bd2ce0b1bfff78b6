"""Wording and prompts as files, rendered by one function."""
