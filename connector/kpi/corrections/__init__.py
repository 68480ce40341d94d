"""What changed about a closed period, as dated corrections in the open one."""
