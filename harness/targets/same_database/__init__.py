"""A database backend for further aliases of a target: names of the default database."""
