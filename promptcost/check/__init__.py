"""promptcost: check."""
