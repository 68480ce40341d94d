"""From numbers to what a head should talk about, with whom, and on which evidence."""
