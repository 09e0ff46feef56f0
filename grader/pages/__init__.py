"""What any page says and draws, whatever its format: the score, the one thing to do first, a class, charts as SVG."""
