"""Every read of the radar: what it proposes, with the answers that were given."""

from headway.domain.radar.queries.radar import answers_of, proposal_named, radar_counts, radar_of

__all__ = ["answers_of", "proposal_named", "radar_counts", "radar_of"]
