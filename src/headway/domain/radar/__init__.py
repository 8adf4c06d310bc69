"""What plan and evidence propose as risks."""
