"""Neural networks in NumPy alone: their outputs from their weights, their loss, and how far they have learnt."""
