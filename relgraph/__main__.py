"""`python -m relgraph` is the command `relgraph`."""

from relgraph.cli import main

if __name__ == "__main__":
    main()
