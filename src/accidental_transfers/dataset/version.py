"""Which bytes a specification gives."""

DATASET_VERSION = 2
"""The same version, specification and seed give the same files. What changes a byte of any of them
changes this number, and CHANGELOG.md says how."""
