"""From a file's bytes to rows of cells or JSON values; nothing here knows what an order is."""
