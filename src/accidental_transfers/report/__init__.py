"""What a dataset looks like: statistics that add up, and the card that shows them."""
