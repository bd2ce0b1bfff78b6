"""Transcripts in the forms that people have them: JSON, JSONL, plain text, WebVTT, SRT."""
