"""GitLab issues, read over the REST interface: the work of one or more projects."""
