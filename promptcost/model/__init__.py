"""promptcost: model."""
