"""promptcost: catalogue."""
