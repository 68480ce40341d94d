"""The numbers of docs/benchmarks.md. Not tests: machines are noisy, so compare within one run."""
