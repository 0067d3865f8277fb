"""What goes out: executing notebooks, rendering them, and verifying the finished files."""
