"""Pages for people outside who hold a link, and the forms that make and take back links."""
