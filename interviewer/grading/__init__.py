"""Grading: transcripts in, evidence, judges, scorecards and reports out."""
