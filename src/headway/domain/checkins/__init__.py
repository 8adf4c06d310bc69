"""Check-ins: what people say of their own work once a week, asked at their own time."""
