"""promptcost: tokens."""
