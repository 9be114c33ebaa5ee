"""Geometry and pictures from plain data: layout, map document, SVG, offline HTML, matrix."""
