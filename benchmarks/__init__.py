"""What relgraph's speed is measured with: `make bench` runs it and writes docs/benchmarks.md."""
