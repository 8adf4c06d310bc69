"""When a metric reaches its target: records, a learning curve, and what luck made of the best."""
