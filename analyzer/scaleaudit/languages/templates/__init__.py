"""Templates of web pages: what they read of the rows that code hands to them."""
