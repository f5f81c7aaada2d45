"""What is known about the world: read from ``data/``, checked, and named where it is wrong."""
