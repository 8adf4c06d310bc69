"""Jira issues, Cloud and Server or Data Center, read over REST: the work a query selects."""
