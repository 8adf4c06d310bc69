"""People and money: the page that leads to budgets, people, compute, vendors and risks."""
