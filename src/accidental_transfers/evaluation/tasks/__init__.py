"""What the data is made for: which row, whom did they mean, how much did they mean."""
