"""How sure a measured number is: intervals, paired tests, corrections, and what the rows can show at all."""
