"""Talk on any page: comments, who follows, links."""
