"""Language models and embedders: one protocol each, one file per vendor."""
