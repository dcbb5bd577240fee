"""The commands of the command line, one module per noun; ``blenddesk.cli`` imports only the one that is asked for."""
