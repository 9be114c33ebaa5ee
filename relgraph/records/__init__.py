"""Records in and out: import, export, templates, and reading one customer as an `Account`."""
