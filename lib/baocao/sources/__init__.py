"""What comes in: the forms files arrive in, and the synthetic province."""
