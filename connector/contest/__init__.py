"""A record that somebody says is wrong: what is contested, who may say so and who decides. Pure."""
