"""What goes on by itself: the clock of `kpi run`."""
