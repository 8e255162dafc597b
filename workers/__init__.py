"""What runs in the background: doorbell and jobs, the clock, the listener for inbound mail."""
