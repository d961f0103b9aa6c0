"""promptcost: rules."""
