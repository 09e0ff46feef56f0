"""What pages of every format share: the score, the one thing to do first, the summary of a class, charts as SVG."""
