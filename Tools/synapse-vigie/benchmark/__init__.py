"""What the module costs a real Synapse, on and off interleaved in one process."""
