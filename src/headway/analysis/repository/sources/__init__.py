"""Where a repository is read from: a folder, a work tree, or the objects of a bare clone."""
