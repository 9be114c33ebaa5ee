"""The nouns: models of nodes and edges, vocabularies, values, and the read models.

`nodes` and `edges` check what comes in; `account` is what goes round inside; `tables` is the
import format; `vocabulary` holds the closed word lists with their labels. Imports nothing of
relgraph.
"""
