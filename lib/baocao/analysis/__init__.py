"""Facts become figures."""
