"""What goes on by itself: the clock of `kpi run`, the demo, a sandbox that serves."""
