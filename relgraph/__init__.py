"""relgraph: who decides, who influences whom, and who can introduce us."""

__version__ = "0.1.0"
