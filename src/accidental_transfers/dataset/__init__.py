"""The dataset: its columns, and the same rows as a table, a DataFrame and CSV text."""
