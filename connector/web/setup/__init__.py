"""The first run in the browser: connect, look, choose, compare, switch on; by a link that is good once."""
