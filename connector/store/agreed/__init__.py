"""What people agreed on and decided: plans, corrections, contests, closed months."""
