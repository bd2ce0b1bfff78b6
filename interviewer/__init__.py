"""Mock interviewer for MLOps incident drills: plays the incident, asks, and grades with quotes as evidence."""

__version__ = "0.1.0"
