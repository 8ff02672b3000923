"""What the page of staff accounts is made of."""
