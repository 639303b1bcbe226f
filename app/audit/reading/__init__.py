"""Reading the log from outside its pages: by program, and by addresses that keep their meaning."""
