"""Activities: writing them, reading them from calendars and mail, and counting them."""
