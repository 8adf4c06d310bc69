"""The domain decides: what Headway remembers and judges. One Django app a subject, lowest first."""
