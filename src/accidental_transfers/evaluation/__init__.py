"""The instrument that judges a dataset: needs the optional dependencies ``evaluate``."""
