"""Evaluation of the retrieval and of the judges on labelled sets."""
