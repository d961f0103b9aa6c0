"""promptcost: simulate."""
