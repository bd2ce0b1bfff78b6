"""Wording that is released: files by name and version, pinned in PROMPTS.lock."""
