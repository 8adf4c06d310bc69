"""`headway readout …`: what an online trial says, read from files."""
