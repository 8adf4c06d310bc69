"""What leaves the workspace: one-time links to a decision, links to frozen reports, packs sent."""
