"""Exports of other systems as they come: which of their columns become which of ours.

A profile is a TOML file (`model`); `known` holds the ones that relgraph brings, `apply` turns
an export into the raw tables that every import is checked from, each row with the file and line
of the export that it comes from, and `draft` begins a profile for an export nobody has seen yet.
"""
