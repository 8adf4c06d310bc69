"""How the parts are put together: settings, routes, the web server's entry point."""
