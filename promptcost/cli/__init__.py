"""promptcost: cli."""
