"""Discussion: comments, mentions, who follows what, and links between things."""
