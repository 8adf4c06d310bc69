"""Reports: an assessment told to an audience, frozen with its data date."""
