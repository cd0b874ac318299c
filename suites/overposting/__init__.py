"""Does a write set what the request may set, and nothing else it names (OWASP API3:2023)?"""
