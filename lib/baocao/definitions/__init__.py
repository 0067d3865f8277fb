"""What the words mean: Vietnamese values, periods, units, measures, indicators, indices, targets, laws, errors."""
