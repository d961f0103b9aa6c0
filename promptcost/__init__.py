"""promptcost: promptcost."""
