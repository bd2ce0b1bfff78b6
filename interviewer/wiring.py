"""The only place that chooses parts. Each function imports what it needs, so that a command loads no more than that."""
