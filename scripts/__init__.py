"""Scripts of the project: environment, sample records, pictures, documentation."""
