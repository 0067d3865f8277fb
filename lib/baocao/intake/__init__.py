"""`baocao load`: files as they arrive are examined, all at once, and stored whole or not at all."""
