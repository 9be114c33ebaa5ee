"""Where people stand and how lines run between them.

`blocks` sorts people into departments and columns, `grid` gives bands and columns their places,
`routes` leads lines through the gutters and corridors between them. All lengths are CSS pixels.
"""
