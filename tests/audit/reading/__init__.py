"""Reading the log from outside its pages."""
