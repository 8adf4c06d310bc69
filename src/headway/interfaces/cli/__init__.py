"""The command line: data on stdout, messages on stderr, exit codes as the contract names them."""
