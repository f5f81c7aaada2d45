"""Counting what is in a dataset: statistics of slices that add up to those of the whole."""
