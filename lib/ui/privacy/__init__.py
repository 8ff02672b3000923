"""What the page of customers' requests about their own data is made of."""
