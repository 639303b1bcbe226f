"""Stand-ins for what is outside: real servers on this machine that do as a test tells them."""
