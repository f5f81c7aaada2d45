"""The dataset card: one page that shows what is in a dataset."""
