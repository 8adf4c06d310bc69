"""The first page of a workspace, the command palette, and whether the installation is well."""
