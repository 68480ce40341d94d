"""Files of transcripts -> turns: JSON, text with speakers, SRT and VTT. Pure; what cannot be read is a value."""
