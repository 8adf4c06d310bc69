"""The shell around every page and the components inside it: see `templates/layout/styleguide.html`.

A screen extends `layout/app.html`, loads `{% load headway %}` and fills blocks; a view adds
nothing. The workspace's frame comes from `request.shell` (a `shell.Shell`), set once where the
member and the workspace are found out.
"""
