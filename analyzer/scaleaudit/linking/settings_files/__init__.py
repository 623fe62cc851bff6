"""Settings files that are not beside their program: kept by a server, or named by a deployment."""
