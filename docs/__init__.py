"""Pictures of the README, and the tables it is generated with."""
