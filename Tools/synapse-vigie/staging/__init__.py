"""A real Synapse, a real matrix-content-scanner and Vigie on loopback, and what must hold there."""
