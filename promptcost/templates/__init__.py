"""promptcost: templates."""
