"""Pages of maturity: systems beside the models, one system with every answer, goals."""
