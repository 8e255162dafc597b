"""The look of a cell: its name, its sender, and the colour and the logo of its header."""
