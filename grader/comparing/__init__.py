"""Holds two plain values side by side, and says where and how they part."""
