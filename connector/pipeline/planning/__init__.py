"""Plans: agreed, checked, prorated, proposed anew."""
