"""What machines ask of us: whether we live, whether we can work, how we are doing."""
