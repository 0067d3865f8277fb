"""What one kind of report knows."""
