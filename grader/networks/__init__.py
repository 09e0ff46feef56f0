"""What NumPy alone knows of neural networks: their outputs from their weights, their loss, how far they have learnt."""
