"""What people do with Ballast, in a real browser, against the product as it runs anywhere."""
