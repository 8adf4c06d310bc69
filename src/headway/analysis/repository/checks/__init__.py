"""The checks: each looks at one project, or at the repository, and answers with a finding."""
