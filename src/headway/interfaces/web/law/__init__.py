"""Pages of the law: a system's class and obligations, its impact assessment, incidents."""
