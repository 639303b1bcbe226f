"""What calls may cost: estimated before, reserved while, settled after."""
