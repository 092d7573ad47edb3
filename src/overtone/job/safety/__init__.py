"""Safety and bias of a run's published model: measured before and after tuning, and what lessens them."""
