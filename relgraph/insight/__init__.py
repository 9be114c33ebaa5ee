"""What the graph means: pure functions of an `Account` (docs/architecture.md)."""
