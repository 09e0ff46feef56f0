"""The codec: writes plain values, observations and networks as JSON and reads them back, on both sides of the wall."""
