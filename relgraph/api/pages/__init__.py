"""Pages for people: server-rendered, in both languages, usable by keyboard alone."""
