"""What transcripts and scores of calls print: one file for what is asked about them."""
