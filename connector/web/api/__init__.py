"""The HTTP interface for programs: results, proofs and plans read by bearer tokens; described by OpenAPI."""
